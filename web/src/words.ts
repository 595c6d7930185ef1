// What the texts of a selection say more often than all texts do.

import type { MapData } from "./data";
import { indicesWhere } from "./filters";

const WORD = /[\p{L}\p{M}][\p{L}\p{M}\p{N}]*(?:['\u2019\-.][\p{L}\p{M}\p{N}]+)*/gu;

/** The words of a text in lower case. Scripts without spaces are cut by the browser's dictionary. */
export function wordsOf(text: string): string[] {
  const lower = text.toLowerCase();
  if (/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u.test(lower)) {
    const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });
    return [...segmenter.segment(lower)].filter((part) => part.isWordLike).map((part) => part.segment);
  }
  return lower.match(WORD) ?? [];
}

export interface Tally {
  readonly n: number;
  /** In how many texts each word occurs. */
  readonly counts: ReadonlyMap<string, number>;
}

const SLICE_MS = 12;

/** Counts in short slices, so that the page stays responsive. */
export async function tally(texts: (k: number) => string, n: number): Promise<Tally> {
  const counts = new Map<string, number>();
  for (let k = 0; k < n; ) {
    const end = performance.now() + SLICE_MS;
    for (; k < n && performance.now() < end; k++) {
      for (const word of new Set(wordsOf(texts(k)))) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    if (k < n) await new Promise((resolve) => setTimeout(resolve));
  }
  return { n, counts };
}

/** Words by how much their share in the selection adds to telling it apart: p log(p / q), with
 * p the share of texts in the selection that hold the word and q that of all texts. */
export function tellingWords(selection: Tally, all: Tally, n = 12): [string, number][] {
  const scored: [string, number][] = [];
  for (const [word, count] of selection.counts) {
    if (count < Math.min(3, selection.n) || word.length < 2) continue;
    const p = count / selection.n;
    const q = Math.max(all.counts.get(word) ?? 0, count) / Math.max(1, all.n);
    const score = p * Math.log(p / q);
    if (score > 0) scored.push([word, score]);
  }
  scored.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return scored.slice(0, n);
}

const MOST_TEXTS = 20000; // Of all documents, for the comparison; evenly spread.

export class WordSummary {
  private all: Promise<Tally> | null = null;

  constructor(private readonly data: MapData) {}

  async of(docs: ArrayLike<number>): Promise<[string, number][]> {
    const { data } = this;
    await data.textsReady;
    const text = (i: number): string => `${data.docTitle(i)}\n${data.text(i)}`;
    const step = Math.max(1, data.n / MOST_TEXTS);
    const nAll = Math.min(data.n, MOST_TEXTS);
    this.all ??= tally((k) => text(Math.floor(k * step)), nAll);
    const shown = indicesWhere(docs.length, (k) => data.hasText(docs[k]!)).map((k) => docs[k]!);
    const part = Math.max(1, shown.length / MOST_TEXTS);
    const own = await tally((k) => text(shown[Math.floor(k * part)]!), Math.min(shown.length, MOST_TEXTS));
    return tellingWords(own, await this.all);
  }
}
