// Which documents a choice, a search, the legend and a range leave, as pure functions of the state.

import type { Box } from "./camera";
import { topicName, type MapData } from "./data";
import { number } from "./dom";
import type { Hierarchy } from "./linkage";
import { documentsInside } from "./selection";
import type { Choice, Range } from "./state";
import { taken } from "./taken";

/** Documents that a person chose, and what the choice is called. */
export interface Subset {
  readonly choice: Choice;
  readonly name: string;
  readonly docs: Uint32Array;
}

export interface Found {
  readonly terms: readonly string[];
  readonly topics: readonly number[];
  readonly docs: Uint32Array;
}

/** The numbers below `n` that pass, ascending. */
export function indicesWhere(n: number, passes: (i: number) => boolean): Uint32Array {
  const found = new Uint32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) if (passes(i)) found[count++] = i;
  return found.slice(0, count);
}

export function subsetOf(
  choice: Choice,
  data: MapData,
  membersOfTopic: readonly Uint32Array[],
  hierarchy: () => Hierarchy,
): Subset | null {
  switch (choice.kind) {
    case "none":
      return null;
    case "topic":
      return { choice, name: topicName(data.topics[choice.topic]!), docs: membersOfTopic[choice.topic]! };
    case "area": {
      const docs = documentsInside(choice.outline, data.x, data.y);
      return { choice, name: `Selection of ${number(docs.length)}`, docs };
    }
    case "branch": {
      const node = hierarchy().nodes[choice.node]!;
      const isIn = new Set(node.topics);
      return { choice, name: node.name, docs: indicesWhere(data.n, (i) => isIn.has(data.topic[i]!)) };
    }
    case "cluster": {
      const layer = data.layers[choice.layer]!;
      const docs = indicesWhere(data.n, (i) => layer.labels[i] === choice.cluster);
      return { choice, name: layer.names[choice.cluster]!, docs };
    }
  }
}

export interface Filter {
  readonly subset: Subset | null;
  readonly found: Found | null;
  readonly range: Range | null;
  /** Codes that the legend has switched off, and the code of every document. */
  readonly hidden: ReadonlySet<number>;
  readonly codes: ArrayLike<number>;
}

/** 1 for the documents that all parts leave; null where none leaves any out. */
export function maskOf(data: MapData, { subset, found, range, hidden, codes }: Filter): Uint8Array | null {
  if (!subset && !found && !range && hidden.size === 0) return null;
  const mask = new Uint8Array(data.n);
  if (subset) for (const i of subset.docs) mask[i] = 1;
  else mask.fill(1);
  if (found) {
    const isHit = new Uint8Array(data.n);
    for (const i of found.docs) isHit[i] = 1;
    for (let i = 0; i < data.n; i++) mask[i]! &= isHit[i]!;
  }
  if (hidden.size > 0) {
    for (let i = 0; i < data.n; i++) if (hidden.has(codes[i]!)) mask[i] = 0;
  }
  if (range) {
    const { numbers } = data.columns[range.column]!;
    for (let i = 0; i < data.n; i++) if (!(numbers[i]! >= range.low && numbers[i]! <= range.high)) mask[i] = 0;
  }
  return mask;
}

/** Those of `docs` that the mask leaves. */
export function kept(docs: Uint32Array, mask: Uint8Array | null): Uint32Array {
  return mask ? docs.filter((i) => mask[i] === 1) : docs;
}

/** The topics that documents under the mask belong to. */
export function topicsUnder(mask: Uint8Array, topic: ArrayLike<number>): Set<number> {
  const topics = new Set<number>();
  for (let i = 0; i < mask.length; i++) if (mask[i] === 1) topics.add(topic[i]!);
  return topics;
}

/** Holds all but the farthest three percent of the documents on each side. */
export function boxAround(docs: ArrayLike<number>, x: Uint16Array, y: Uint16Array): Box | null {
  if (docs.length === 0) return null;
  const part = (values: Uint16Array): [number, number] => {
    const sorted = taken(values, docs).sort();
    return [sorted[Math.floor(0.03 * sorted.length)]!, sorted[Math.floor(0.97 * (sorted.length - 1))]!];
  };
  const [left, right] = part(x);
  const [bottom, top] = part(y);
  return { left, right, bottom, top };
}
