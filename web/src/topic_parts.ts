// Which topics a single text speaks of, by the words that it shares with them.

import type { MapData } from "./data";

export interface Token {
  readonly begin: number;
  readonly end: number;
  /** The topic that the word tells most about. */
  readonly topic: number;
  /** 0..1: its weight beside the strongest word of that topic. */
  readonly strength: number;
}

export interface TopicPart {
  readonly topic: number;
  /** 0..1; all parts together are 1. */
  readonly part: number;
}

const WORD = /[\p{L}\p{M}\p{N}]+(?:[.'\u2019\-_+#@][\p{L}\p{M}\p{N}]+)*[+#]*/gu;

export class TopicWords {
  private index: Map<string, { topic: number; weight: number; strength: number }[]> | null = null;

  constructor(private readonly data: MapData) {}

  private words(): NonNullable<typeof this.index> {
    if (this.index) return this.index;
    this.index = new Map();
    this.data.topics.forEach((topic, i) => {
      if (topic.id < 0) return;
      const length = Math.sqrt(topic.words.reduce((sum, [, w]) => sum + w * w, 0)) || 1;
      const most = Math.max(...topic.words.map(([, w]) => w), 1e-12);
      for (const [word, weight] of topic.words) {
        const key = word.toLowerCase();
        const list = this.index!.get(key) ?? [];
        list.push({ topic: i, weight: weight / length, strength: weight / most });
        this.index!.set(key, list);
      }
    });
    return this.index;
  }

  /** Words of the text that topics are described by. Where several topics share a word, it counts for
   * each; it is marked for `own`, if that is among them, else for the one it weighs most in. */
  find(text: string, own: number): { tokens: Token[]; parts: TopicPart[] } {
    const index = this.words();
    const sums = new Map<number, number>();
    const tokens: Token[] = [];
    for (const match of text.matchAll(WORD)) {
      const found = index.get(match[0].toLowerCase());
      if (!found) continue;
      let best = found[0]!;
      for (const entry of found) {
        sums.set(entry.topic, (sums.get(entry.topic) ?? 0) + entry.weight);
        if (best.topic !== own && (entry.topic === own || entry.weight > best.weight)) best = entry;
      }
      tokens.push({ begin: match.index, end: match.index + match[0].length, topic: best.topic, strength: best.strength });
    }
    const total = [...sums.values()].reduce((sum, v) => sum + v, 0);
    const parts = [...sums]
      .map(([topic, sum]) => ({ topic, part: sum / total }))
      .sort((a, b) => b.part - a.part || a.topic - b.topic);
    return { tokens, parts };
  }

  /** The topics the model gave the document, likeliest first; null: it was not asked to. */
  members(doc: number): TopicPart[] | null {
    const { data } = this;
    if (data.nMembers === 0) return null;
    const parts: TopicPart[] = [];
    for (let k = 0; k < data.nMembers; k++) {
      const topic = data.memberTopic(doc, k);
      const percent = data.memberPercent(doc, k);
      if (topic >= 0 && percent > 0) parts.push({ topic, part: percent / 100 });
    }
    return parts;
  }
}
