#!/usr/bin/env bash
# Abstracts of language research: topics of density clusters, their words told in three ways.
# Usage: nlp_abstracts.sh ABSTRACTS.csv ENCODER OUTPUT_FOLDER   (columns: text, title, lang)
set -euo pipefail
topograph=${TOPOGRAPH:-topograph}
data=$1
encoder=$2
output=$3
mkdir -p "$output"

"$topograph" fit "$data" --text text --title title --where lang=en --model "$encoder" --seed 42 \
  --components 5 --set umap.min_dist=0 --cluster hdbscan --min-cluster-size 100 \
  --stop-words english --no-report -o "$output/model"

# Some documents of the largest cluster, and the table of topics.
"$topograph" documents "$output/model" --topic 0 --sample 3 --seed 1 --format csv > "$output/documents_0.csv"
"$topograph" topics "$output/model" --format csv > "$output/topics.csv"
"$topograph" find "$output/model" "topic modeling" --top 5 --format csv > "$output/found.csv"

# The words before and after: nearest in meaning to typical documents; unlike each other.
"$topograph" relabel "$output/model" --representation keybert --no-report -o "$output/keybert" \
  --format csv > "$output/keybert.csv"
"$topograph" relabel "$output/model" --representation mmr --set mmr.diversity=0.3 --no-report \
  -o "$output/mmr" --format csv > "$output/mmr.csv"
cat "$output/topics.csv" "$output/found.csv"
