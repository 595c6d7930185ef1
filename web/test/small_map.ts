// A map of a few documents, for tests.

import type { MapData, Topic } from "../src/data";

export interface SmallMap {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Index of the topic; the topics are -1, 0, 1 … with `hasOutliers`, else 0, 1 … */
  readonly topic: readonly number[];
  readonly hasOutliers?: boolean;
  readonly texts?: readonly string[];
  readonly words?: readonly Topic["words"][];
}

export function smallMap(map: SmallMap): MapData {
  const n = map.x.length;
  const nTopics = Math.max(0, ...map.topic.map((t) => t + 1));
  const topics = Array.from({ length: nTopics }, (_, i): Topic => ({
    id: map.hasOutliers ? i - 1 : i,
    count: map.topic.filter((t) => t === i).length,
    label: "",
    words: map.words?.[i] ?? [[`word${i}`, 1]],
    representatives: [],
  }));
  return {
    title: "Small", nDocuments: n, n, topics, layers: [], measures: [], facts: [], provenance: [],
    columns: [
      { name: "year", role: "", kind: "number", values: [], codes: new Int32Array(0), numbers: Float32Array.from({ length: n }, (_, i) => (i === 0 ? NaN : 2000 + i)), unit: "hour" },
    ],
    x: Uint16Array.from(map.x), y: Uint16Array.from(map.y), topic: Int32Array.from(map.topic),
    hasPercent: false, hasTitles: false, hasTexts: true, nTexts: n,
    similarTopics: new Uint32Array(0), similarity: new Uint16Array(0),
    nMembers: 0, memberTopic: () => 0, memberPercent: () => 0, percent: () => 0,
    row: (i) => i, hasText: () => true, text: (i) => map.texts?.[i] ?? `text ${i}`, docTitle: () => "", cell: () => "",
    textsReady: Promise.resolve(),
  }; // prettier-ignore
}
