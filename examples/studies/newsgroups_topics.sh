#!/usr/bin/env bash
# Twenty newsgroups as topics: density clusters of a ten-dimensional layout, forty topics described by
# runs of one to three words, new texts placed among them, and figures.
# Usage: newsgroups_topics.sh NEWSGROUPS.csv ENCODER OUTPUT_FOLDER   (columns: text, label)
# VECTORS=X.npy: the encoder's vectors of these documents, when there are some already (`topograph embed`).
set -euo pipefail
topograph=${TOPOGRAPH:-topograph}
data=$1
encoder=$2
output=$3
mkdir -p "$output"
vectors=(--model "$encoder")
[ -z "${VECTORS:-}" ] || vectors=(--embeddings "$VECTORS")

# min_df and max_df are shares of the topics, as in the study; the three likeliest topics are kept.
"$topograph" fit "$data" --label label "${vectors[@]}" \
  --neighbors 15 --metric cosine --components 10 --set umap.min_dist=0.1 \
  --cluster hdbscan --min-cluster-size 30 --probabilities 3 \
  --ngram-range 1,3 --stop-words english --min-df 0.01 --max-df 0.95 --set words.df_of=topics \
  --no-report -o "$output/all"
"$topograph" reduce "$output/all" --to 40 --no-report -o "$output/forty" --format csv > "$output/merged.csv"

# Frequencies, then everything about the topics, then about the documents.
"$topograph" topics "$output/forty" --format csv > "$output/topics.csv"
cut -d, -f1,2 "$output/topics.csv" > "$output/frequencies.csv"
"$topograph" documents "$output/forty" --format csv > "$output/documents.csv"

# The words of eight topics, and a map of 60 % of their documents.
"$topograph" plot "$output/forty" barchart --n-topics 8 --title "Twenty newsgroups" -o "$output/barchart.svg"
"$topograph" plot "$output/forty" documents --topics 0,1,2,3,4,5,6,7 --set documents.sample=0.6 \
  --set documents.hide_others=true --title "Eight topics" -o "$output/documents.svg"

# New texts. `topic` is strict: -1 where a text lies in no dense place. `topic_1` is the likeliest topic all the same.
cat > "$output/new.csv" << 'END'
text
I'm looking for a new graphics card
When is the next NASA launch?
END
"$topograph" transform "$output/forty" "$output/new.csv" --model "$encoder" --format csv > "$output/placed.csv"
cat "$output/frequencies.csv"
while IFS=, read -r row _ topic _ _ _ _ _ likeliest probability _; do
  [ "$row" = row ] && continue
  "$topograph" topics "$output/forty" --topic "$likeliest" --format csv > "$output/words_$row.csv"
  echo "new text $row: topic $topic; likeliest topic $likeliest, probability $probability:" \
    "$(tail -n +2 "$output/words_$row.csv" | cut -d, -f1 | paste -sd' ')"
done < "$output/placed.csv" | tee "$output/answers.txt"
