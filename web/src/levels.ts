// Levels of detail for names: the layers given by the engine and the topics themselves, from coarse
// to fine, each with the place and extent of its groups.

import type { Box } from "./camera";
import { OUTLIERS, topicName, type MapData } from "./data";
import { taken } from "./taken";

export interface Group {
  readonly level: number;
  readonly id: number; // Index of the topic, or number of the cluster in its layer.
  readonly name: string;
  readonly count: number;
  /** Where most of its documents are. */
  readonly x: number;
  readonly y: number;
  /** Holds the middle 90 % of its documents in either direction. */
  readonly box: Box;
  /** The topic whose colour it takes. */
  readonly topic: number;
}

export interface Level {
  /** Index into `data.layers`, or -1: the topics. */
  readonly layer: number;
  /** Coarser than the topics, the topics, or finer. */
  readonly kind: "region" | "topic" | "detail";
  /** By decreasing number of documents. */
  readonly groups: readonly Group[];
  readonly byId: ReadonlyMap<number, Group>;
}

const PEAK_CELLS = 24;

function quantile(sorted: Uint16Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** The middle of the densest part: robust where a group has several islands. */
function densestPlace(data: MapData, members: Uint32Array, box: Box): { x: number; y: number } {
  const width = Math.max(1, box.right - box.left);
  const height = Math.max(1, box.top - box.bottom);
  const counts = new Float64Array(PEAK_CELLS * PEAK_CELLS);
  const column = (i: number): number =>
    Math.min(PEAK_CELLS - 1, Math.max(0, Math.floor(((data.x[i]! - box.left) / width) * PEAK_CELLS)));
  const row = (i: number): number =>
    Math.min(PEAK_CELLS - 1, Math.max(0, Math.floor(((data.y[i]! - box.bottom) / height) * PEAK_CELLS)));
  for (const i of members) counts[row(i) * PEAK_CELLS + column(i)]!++;
  const reach = 4;
  let best = 0;
  let bestSum = -1;
  for (let r = 0; r < PEAK_CELLS; r++) {
    for (let c = 0; c < PEAK_CELLS; c++) {
      let sum = 0;
      for (let dr = -reach; dr <= reach; dr++) {
        for (let dc = -reach; dc <= reach; dc++) {
          if (r + dr < 0 || r + dr >= PEAK_CELLS || c + dc < 0 || c + dc >= PEAK_CELLS) continue;
          const weight = 1 / (1 + dr * dr + dc * dc);
          sum += weight * counts[(r + dr) * PEAK_CELLS + c + dc]!;
        }
      }
      if (sum > bestSum) {
        bestSum = sum;
        best = r * PEAK_CELLS + c;
      }
    }
  }
  const peakRow = Math.floor(best / PEAK_CELLS);
  const peakColumn = best % PEAK_CELLS;
  let n = 0;
  let sumX = 0;
  let sumY = 0;
  for (const i of members) {
    if (Math.abs(row(i) - peakRow) > reach || Math.abs(column(i) - peakColumn) > reach) continue;
    n++;
    sumX += data.x[i]!;
    sumY += data.y[i]!;
  }
  return { x: sumX / Math.max(1, n), y: sumY / Math.max(1, n) };
}

/** The member nearest to the middle: what lies around it is what the name spans. */
function centralPlace(data: MapData, members: Uint32Array, x: number, y: number): { x: number; y: number } {
  let best = members[0]!;
  let bestSquare = Infinity;
  for (const i of members) {
    const square = (data.x[i]! - x) ** 2 + (data.y[i]! - y) ** 2;
    if (square < bestSquare) {
      best = i;
      bestSquare = square;
    }
  }
  return { x: data.x[best]!, y: data.y[best]! };
}

/** `counts`: scratch, a zero for each topic. */
function mostFrequentTopic(data: MapData, members: Uint32Array, counts: Uint32Array): number {
  for (const i of members) counts[data.topic[i]!]!++;
  let best = data.topic[members[0]!]!;
  for (const i of members) {
    const topic = data.topic[i]!;
    if (counts[topic]! > counts[best]! || (counts[topic] === counts[best] && topic < best)) best = topic;
  }
  for (const i of members) counts[data.topic[i]!] = 0;
  return best;
}

function makeGroup(
  data: MapData,
  level: number,
  id: number,
  name: string,
  members: Uint32Array,
  isRegion: boolean,
  counts: Uint32Array,
): Group {
  const xs = taken(data.x, members).sort();
  const ys = taken(data.y, members).sort();
  const box = {
    left: quantile(xs, 0.05),
    right: quantile(xs, 0.95),
    bottom: quantile(ys, 0.05),
    top: quantile(ys, 0.95),
  };
  const place = isRegion
    ? centralPlace(data, members, quantile(xs, 0.5), quantile(ys, 0.5))
    : densestPlace(data, members, box);
  const topic = mostFrequentTopic(data, members, counts);
  return { level, id, name, count: members.length, ...place, box, topic };
}

/** The documents of every group, in ascending order. */
export function membersByGroup(labels: ArrayLike<number>, nGroups: number): Uint32Array[] {
  const counts = new Uint32Array(nGroups);
  for (let i = 0; i < labels.length; i++) if (labels[i]! >= 0) counts[labels[i]!]!++;
  const members = Array.from(counts, (count) => new Uint32Array(count));
  counts.fill(0);
  for (let i = 0; i < labels.length; i++) {
    const group = labels[i]!;
    if (group >= 0) members[group]![counts[group]!++] = i;
  }
  return members;
}

/** A layer that only repeats the topics adds nothing. */
function repeatsTopics(data: MapData, labels: Int32Array): boolean {
  const topicOf = new Map<number, number>();
  const labelOf = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) {
    const topic = data.topic[i]!;
    const label = labels[i]!;
    if (data.topics[topic]!.id === OUTLIERS) continue;
    if (!topicOf.has(label)) topicOf.set(label, topic);
    if (!labelOf.has(topic)) labelOf.set(topic, label);
    if (topicOf.get(label) !== topic || labelOf.get(topic) !== label) return false;
  }
  return true;
}

export function makeLevels(data: MapData): Level[] {
  const sources: { layer: number; labels: ArrayLike<number>; names: string[] }[] = [
    { layer: -1, labels: data.topic, names: data.topics.map(topicName) },
  ];
  data.layers.forEach((layer, k) => {
    if (!repeatsTopics(data, layer.labels)) {
      sources.push({ layer: k, labels: layer.labels, names: [...layer.names] });
    }
  });
  const grouped = sources.map((source) => ({
    ...source,
    members: membersByGroup(source.labels, source.names.length),
  }));
  const size = (members: Uint32Array[]): number => members.filter((m) => m.length > 0).length;
  grouped.sort((a, b) => size(a.members) - size(b.members) || a.layer - b.layer);
  const counts = new Uint32Array(data.topics.length);
  const topicLevel = grouped.findIndex(({ layer }) => layer === -1);
  return grouped.map(({ layer, names, members }, level) => {
    const isRegion = level < topicLevel;
    const groups = members
      .map((m, id) => (m.length > 0 ? makeGroup(data, level, id, names[id]!, m, isRegion, counts) : null))
      .filter((group): group is Group => group !== null)
      .sort((a, b) => b.count - a.count || a.id - b.id);
    const kind = isRegion ? "region" : level === topicLevel ? "topic" : "detail";
    return { layer, kind, groups, byId: new Map(groups.map((group) => [group.id, group])) };
  });
}
