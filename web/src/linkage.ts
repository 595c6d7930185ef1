// The hierarchy of topics: which join first, by average linkage on the distances of their vectors.

import { OUTLIERS, topicName, type MapData, type Topic } from "./data";

/** Similarities of topics in one list of topics, 1: the same. */
export interface Similarities {
  /** Index into `data.topics`. */
  readonly topics: readonly number[];
  /** n x n, row by row. */
  readonly values: Float32Array;
}

const MOST_TOPICS = 1500;

function fromVectors(data: MapData): Similarities {
  const n = data.similarTopics.length;
  const values = new Float32Array(n * n);
  let at = 0;
  for (let i = 0; i < n; i++) {
    values[i * n + i] = 1;
    for (let j = 0; j < i; j++) {
      values[i * n + j] = values[j * n + i] = (data.similarity[at++]! / 65535) * 2 - 1;
    }
  }
  return { topics: [...data.similarTopics], values };
}

/** Without vectors: the cosine of the topics' words. */
export function fromWords(topics: readonly Topic[]): Similarities {
  const listed = topics
    .map((_, i) => i)
    .filter((i) => topics[i]!.id !== OUTLIERS)
    .slice(0, MOST_TOPICS);
  const n = listed.length;
  const values = new Float32Array(n * n);
  const byWord = new Map<string, [number, number][]>();
  listed.forEach((i, k) => {
    const words = topics[i]!.words;
    const length = Math.sqrt(words.reduce((sum, [, w]) => sum + w * w, 0)) || 1;
    for (const [word, weight] of words) {
      const list = byWord.get(word) ?? [];
      list.push([k, weight / length]);
      byWord.set(word, list);
    }
  });
  for (const list of byWord.values()) {
    for (const [a, wa] of list) for (const [b, wb] of list) values[a * n + b]! += wa * wb;
  }
  for (let k = 0; k < n; k++) values[k * n + k] = 1;
  return { topics: listed, values };
}

export function similaritiesOf(data: MapData): Similarities {
  return data.similarTopics.length > 0 ? fromVectors(data) : fromWords(data.topics);
}

export interface TreeNode {
  readonly id: number;
  /** Null: a topic. */
  readonly children: readonly [TreeNode, TreeNode] | null;
  /** 1 - similarity at which the children joined; 0 for a topic. */
  readonly height: number;
  /** Topics below, in the order in which they are drawn. */
  readonly topics: readonly number[];
  readonly count: number;
  readonly name: string;
}

interface Merge {
  readonly a: number;
  readonly b: number;
  readonly height: number;
}

/** Average linkage by chains of nearest neighbours (Murtagh 1983): O(n²). Merges in order of height;
 * numbers below n are leaves, n + k is what merge k made. */
export function averageLinkage(n: number, similarity: Float32Array): Merge[] {
  const distance = new Float64Array(n * n);
  for (let k = 0; k < n * n; k++) distance[k] = 1 - similarity[k]!;
  const size = new Float64Array(n).fill(1);
  const isAlive = new Uint8Array(n).fill(1);
  const found: { a: number; b: number; height: number }[] = [];
  const chain: number[] = [];
  let first = 0;
  while (found.length < n - 1) {
    if (chain.length === 0) {
      while (!isAlive[first]) first++;
      chain.push(first);
    }
    const top = chain[chain.length - 1]!;
    const before = chain[chain.length - 2] ?? -1;
    let nearest = before;
    let least = before >= 0 ? distance[top * n + before]! : Infinity;
    for (let k = 0; k < n; k++) {
      if (!isAlive[k] || k === top) continue;
      const d = distance[top * n + k]!;
      if (d < least) {
        least = d;
        nearest = k;
      }
    }
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    const kept = Math.min(top, nearest);
    const gone = Math.max(top, nearest);
    found.push({ a: kept, b: gone, height: least });
    const total = size[kept]! + size[gone]!;
    for (let k = 0; k < n; k++) {
      if (!isAlive[k] || k === kept || k === gone) continue;
      const mean = (size[kept]! * distance[kept * n + k]! + size[gone]! * distance[gone * n + k]!) / total;
      distance[kept * n + k] = distance[k * n + kept] = mean;
    }
    size[kept] = total;
    isAlive[gone] = 0;
  }
  return numbered(n, found);
}

/** Chains find merges out of order: sorts them and names what each joins. */
function numbered(n: number, found: readonly { a: number; b: number; height: number }[]): Merge[] {
  const sorted = found.map((merge, k) => ({ ...merge, k })).sort((p, q) => p.height - q.height || p.k - q.k);
  const root = Int32Array.from({ length: n }, (_, k) => k);
  const current = Int32Array.from({ length: n }, (_, k) => k);
  const find = (k: number): number => {
    while (root[k] !== k) k = root[k] = root[root[k]!]!;
    return k;
  };
  return sorted.map(({ a, b, height }, k) => {
    const [ra, rb] = [find(a), find(b)];
    const merge = { a: Math.min(current[ra]!, current[rb]!), b: Math.max(current[ra]!, current[rb]!), height };
    root[Math.max(ra, rb)] = Math.min(ra, rb);
    current[Math.min(ra, rb)] = n + k;
    return merge;
  });
}

/** The words that weigh most in the topics together. */
export function jointName(topics: readonly Topic[], n = 3): string {
  const weights = new Map<string, number>();
  for (const topic of topics) {
    for (const [word, weight] of topic.words) {
      weights.set(word, (weights.get(word) ?? 0) + weight * topic.count);
    }
  }
  const sorted = [...weights].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return sorted
    .slice(0, n)
    .map(([word]) => word)
    .join(", ");
}

export interface Hierarchy {
  readonly root: TreeNode | null;
  readonly nodes: readonly TreeNode[];
  /** Similarities with topics in the order of the tree. */
  readonly order: readonly number[];
}

export function makeHierarchy(data: MapData, similarities: Similarities): Hierarchy {
  const n = similarities.topics.length;
  const nodes: TreeNode[] = similarities.topics.map((topic, id) => ({
    id,
    children: null,
    height: 0,
    topics: [topic],
    count: data.topics[topic]!.count,
    name: topicName(data.topics[topic]!),
  }));
  for (const { a, b, height } of averageLinkage(n, similarities.values)) {
    // The larger branch first.
    const pair = [nodes[a]!, nodes[b]!].sort((p, q) => q.count - p.count || p.id - q.id) as [TreeNode, TreeNode];
    const topics = [...pair[0].topics, ...pair[1].topics];
    nodes.push({
      id: nodes.length,
      children: pair,
      height: Math.max(height, pair[0].height, pair[1].height),
      topics,
      count: pair[0].count + pair[1].count,
      name: jointName(topics.map((topic) => data.topics[topic]!)),
    });
  }
  const root = nodes[nodes.length - 1] ?? null;
  return { root, nodes, order: root?.topics ?? [] };
}
