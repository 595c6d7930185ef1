#!/usr/bin/env bash
# Four newsgroups: 3 387 posts of two close and two distinct groups, in four clusters.
# Usage: four_newsgroups.sh NEWSGROUPS.csv ENCODER OUTPUT_FOLDER   (columns: text, label)
set -euo pipefail
topograph=${TOPOGRAPH:-topograph}
data=$1
encoder=$2
output=$3
groups=label=alt.atheism,talk.religion.misc,comp.graphics,sci.space

# The baseline: words, then k-means.
"$topograph" fit "$data" --label label --where "$groups" --model tfidf \
  --cluster kmeans --clusters 4 --set kmeans.n_init=10 --no-report -o "$output/tfidf"
"$topograph" evaluate "$output/tfidf" --format csv > "$output/tfidf.csv"

# Meaning: a sentence encoder, then the same k-means.
"$topograph" fit "$data" --label label --where "$groups" --model "$encoder" \
  --cluster kmeans --clusters 4 --set kmeans.n_init=10 --no-report -o "$output/encoder"
"$topograph" evaluate "$output/encoder" --format csv > "$output/encoder.csv"
cat "$output/tfidf.csv" "$output/encoder.csv"
