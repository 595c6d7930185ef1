// The order in which documents are drawn.

import { OUTLIERS, type MapData } from "./data";

/** Outliers first, so that they lie below; each part mixed, so that no topic lies on top of another
 * because of the order of the input, and any first part of it is a fair sample. Always the same. */
export function mixed(data: MapData): Uint32Array {
  const below: number[] = [];
  const above: number[] = [];
  for (let i = 0; i < data.n; i++) {
    (data.topics[data.topic[i]!]!.id === OUTLIERS ? below : above).push(i);
  }
  let seed = 0x9e3779b9;
  const next = (n: number): number => {
    seed = (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x12fad5c9) | 0;
    const value = (seed ^ (seed >>> 12)) >>> 0;
    return Math.floor((value / 4294967296) * n);
  };
  for (const part of [below, above]) {
    for (let k = part.length - 1; k > 0; k--) {
      const other = next(k + 1);
      [part[k], part[other]] = [part[other]!, part[k]!];
    }
  }
  return Uint32Array.from([...below, ...above]);
}
