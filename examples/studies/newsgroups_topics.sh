#!/usr/bin/env bash
# Twenty newsgroups as topics: density clusters of a ten-dimensional layout, forty topics described by
# runs of one to three words, and new texts placed among them.
# Usage: newsgroups_topics.sh NEWSGROUPS.csv ENCODER OUTPUT_FOLDER   (columns: text, label)
set -euo pipefail
topograph=${TOPOGRAPH:-topograph}
data=$1
encoder=$2
output=$3
mkdir -p "$output"

# min_df and max_df are shares of the topics, as in the study; the three likeliest topics are kept.
"$topograph" fit "$data" --label label --model "$encoder" \
  --neighbors 15 --metric cosine --components 10 --set umap.min_dist=0.1 \
  --cluster hdbscan --min-cluster-size 30 --probabilities 3 \
  --ngram-range 1,3 --stop-words english --min-df 0.01 --max-df 0.95 --set words.df_of=topics \
  --no-report -o "$output/all"
"$topograph" reduce "$output/all" --to 40 --no-report -o "$output/forty" --format csv > "$output/merged.csv"

# Frequencies, then everything about the topics, then about the documents.
"$topograph" topics "$output/forty" --format csv > "$output/topics.csv"
cut -d, -f1,2 "$output/topics.csv" > "$output/frequencies.csv"
"$topograph" documents "$output/forty" --format csv > "$output/documents.csv"

cat > "$output/new.csv" << 'END'
text
I'm looking for a new graphics card
When is the next NASA launch?
END
"$topograph" transform "$output/forty" "$output/new.csv" --format csv > "$output/placed.csv"
for topic in $(cut -d, -f3 "$output/placed.csv" | tail -n +2); do
  "$topograph" topics "$output/forty" --topic "$topic" --format csv > "$output/words_$topic.csv"
done
cat "$output/frequencies.csv" "$output/placed.csv"
