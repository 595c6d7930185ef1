#!/usr/bin/env bash
# Reddit posts of five subreddits: layouts side by side, then topics by density with their figures.
# Usage: reddit_posts.sh POSTS.csv ENCODER OUTPUT_FOLDER   (columns: text, label, date, title)
set -euo pipefail
topograph=${TOPOGRAPH:-topograph}
data=$1
encoder=$2
output=$3
columns=(--text text --label label --time date --title title --min-characters 31)
# One word and two; English stop words, and what addresses and markup leave behind.
words=(--ngram-range 1,2 --stop-words en --set words.extra_stop_words=http,https,amp,com)
# The second fit takes the vectors that the first one computed.
vectors=(--model "$encoder" --cache "$output/cache")

# The space of the posts: PCA, t-SNE and UMAP, UMAP with few and many neighbours, UMAP that knows the subreddits.
"$topograph" fit "$data" "${columns[@]}" "${words[@]}" "${vectors[@]}" --no-report -o "$output/space"
all=(--set reductions.sample=0 --n-topics 12)
"$topograph" plot "$output/space" reductions "${all[@]}" --title "Reddit posts" -o "$output/layouts.svg"
"$topograph" plot "$output/space" reductions "${all[@]}" --set reductions.n_neighbors=3,15,50,200 -o "$output/neighbors.svg"
"$topograph" plot "$output/space" reductions "${all[@]}" --set reductions.n_neighbors=15 --set reductions.supervised=true \
  --column label -o "$output/supervised.svg"

# Topics by density in three dimensions, and what belongs to none.
"$topograph" fit "$data" "${columns[@]}" "${words[@]}" "${vectors[@]}" \
  --cluster hdbscan --neighbors 3 --components 3 --set umap.min_dist=0.05 \
  --min-cluster-size 80 --min-samples 40 --report-title "Reddit posts" -o "$output/topics"
"$topograph" documents "$output/topics" --topic -1 --format csv > "$output/outliers.csv"
"$topograph" evaluate "$output/topics" --format csv > "$output/scores.csv"
for kind in condensed-tree topics hierarchy barchart documents; do
  "$topograph" plot "$output/topics" "$kind" -o "$output/$kind.svg"
done
"$topograph" topics "$output/topics" --format csv
