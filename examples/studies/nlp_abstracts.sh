#!/usr/bin/env bash
# Abstracts of language research: topics of density clusters, their words told in three ways, their figures.
# Usage: nlp_abstracts.sh ABSTRACTS.csv ENCODER OUTPUT_FOLDER   (columns: text, title, lang)
# VECTORS=X.npy: the encoder's vectors of these documents, when there are some already (`topograph embed`).
set -euo pipefail
topograph=${TOPOGRAPH:-topograph}
data=$1
encoder=$2
output=$3
mkdir -p "$output"
vectors=(--model "$encoder")
[ -z "${VECTORS:-}" ] || vectors=(--embeddings "$VECTORS")

# The report shows an abstract's title under the mouse.
"$topograph" fit "$data" --text text --title title --where lang=en "${vectors[@]}" --seed 42 \
  --components 5 --set umap.min_dist=0 --cluster hdbscan --min-cluster-size 100 \
  --stop-words english --report-title "Language research" -o "$output/model"

# Some documents of the largest cluster, and the table of topics.
"$topograph" documents "$output/model" --topic 0 --sample 3 --seed 1 --format csv > "$output/documents_0.csv"
"$topograph" topics "$output/model" --format csv > "$output/topics.csv"
"$topograph" find "$output/model" "topic modeling" --model "$encoder" --top 5 --format csv > "$output/found.csv"

# The words before and after: nearest in meaning to typical documents; unlike each other.
"$topograph" relabel "$output/model" --representation keybert --model "$encoder" --no-report -o "$output/keybert" \
  --format csv > "$output/keybert.csv"
"$topograph" relabel "$output/model" --representation mmr --set mmr.diversity=0.3 --model "$encoder" --no-report \
  -o "$output/mmr" --format csv > "$output/mmr.csv"

# The map with outliers in grey, and how alike the thirty largest topics are.
"$topograph" plot "$output/model" documents --title "Language research" -o "$output/documents.svg"
"$topograph" plot "$output/model" heatmap --n-topics 30 -o "$output/heatmap.svg"
cat "$output/topics.csv" "$output/found.csv"
