#!/usr/bin/env bash
# Article titles: Gaussian mixtures with 3 and with 10 components, their titles listed, a cloud of words for each.
# Usage: article_titles.sh TITLES.csv ENCODER OUTPUT_FOLDER   (column: text)
set -euo pipefail
topograph=${TOPOGRAPH:-topograph}
data=$1
encoder=$2
output=$3

"$topograph" embed "$data" --text text --model "$encoder" -o "$output/titles.npy"
for components in 3 10; do
  model=$output/mixture_$components
  "$topograph" fit "$data" --text text --embeddings "$output/titles.npy" \
    --cluster gmm --clusters "$components" --no-report -o "$model"
  for ((topic = 0; topic < components; ++topic)); do
    # Every title of the component, and five of them drawn by the seed.
    "$topograph" documents "$model" --topic "$topic" --format csv > "$model/titles_$topic.csv"
    "$topograph" documents "$model" --topic "$topic" --sample 5 --seed 1 --format csv > "$model/sample_$topic.csv"
  done
  "$topograph" plot "$model" wordcloud --set wordcloud.stop_words=english -o "$model/wordcloud.svg"
  "$topograph" topics "$model" --format csv | tee "$model/topics.csv"
done
