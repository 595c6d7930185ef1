// Finds documents and topics by parts of words, whatever their case and accents.

import { topicName, type MapData, type Topic } from "./data";

/** The text as it is compared: compatible forms unified, accents and case removed. */
export function fold(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  return text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/\u03c2/g, "σ");
}

/** Words, and phrases in double quotes; all of them must occur. */
export function parseQuery(query: string): string[] {
  const parts = [...query.matchAll(/"([^"]+)"|[^\s"]+/g)].map((m) => fold(m[1] ?? m[0]).trim());
  return parts.filter((part) => part.length > 0);
}

export function topicMatches(topic: Topic, terms: readonly string[]): boolean {
  const text = fold([topicName(topic), ...topic.words.map(([word]) => word)].join("\n"));
  return terms.every((term) => text.includes(term));
}

const SLICE_MS = 12;

export class SearchIndex {
  private readonly folded: string[] = [];
  private building: Promise<void> | null = null;

  constructor(private readonly data: MapData) {}

  /** Folds all documents in short slices, so that the page stays responsive. */
  private build(): Promise<void> {
    this.building ??= (async () => {
      const { data, folded } = this;
      await data.textsReady;
      while (folded.length < data.n) {
        const end = performance.now() + SLICE_MS;
        while (folded.length < data.n && performance.now() < end) {
          const i = folded.length;
          folded.push(fold(`${data.docTitle(i)}\n${data.text(i)}`));
        }
        await new Promise((resolve) => setTimeout(resolve));
      }
    })();
    return this.building;
  }

  /** Documents that contain every term, in order. */
  async find(terms: readonly string[]): Promise<Uint32Array> {
    await this.build();
    const hits: number[] = [];
    for (let i = 0; i < this.folded.length; i++) {
      const text = this.folded[i]!;
      if (terms.every((term) => text.includes(term))) hits.push(i);
    }
    return Uint32Array.from(hits);
  }
}

/** Where the terms occur in the text itself: [begin, end) pairs, ascending, not overlapping. */
export function findRanges(text: string, terms: readonly string[]): [number, number][] {
  let folded = "";
  const origin: number[] = []; // For each folded unit, where its character begins.
  let at = 0;
  for (const char of text) {
    const part = fold(char);
    for (let k = 0; k < part.length; k++) origin.push(at);
    folded += part;
    at += char.length;
  }
  origin.push(text.length);
  const found: [number, number][] = [];
  for (const term of terms) {
    for (let i = folded.indexOf(term); i >= 0; i = folded.indexOf(term, i + term.length)) {
      let end = i + term.length;
      while (end < folded.length && origin[end] === origin[end - 1]) end++;
      found.push([origin[i]!, origin[end]!]);
    }
  }
  found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const merged: [number, number][] = [];
  for (const range of found) {
    const last = merged[merged.length - 1];
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else merged.push([...range]);
  }
  return merged;
}
