// The order in which documents are drawn.

import { OUTLIERS, type MapData } from "./data";

/** Outliers first, so that they lie below; each part mixed, so that no topic lies on top of another
 * because of the order of the input, and any first part of it is a fair sample. Always the same. */
export function mixed(data: MapData): Uint32Array {
  const order = new Uint32Array(data.n);
  let nBelow = 0;
  for (let i = 0; i < data.n; i++) nBelow += Number(data.topics[data.topic[i]!]!.id === OUTLIERS);
  for (let i = 0, below = 0, above = nBelow; i < data.n; i++) {
    order[data.topics[data.topic[i]!]!.id === OUTLIERS ? below++ : above++] = i;
  }
  let seed = 0x9e3779b9;
  const next = (n: number): number => {
    seed = (Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) + 0x12fad5c9) | 0;
    const value = (seed ^ (seed >>> 12)) >>> 0;
    return Math.floor((value / 4294967296) * n);
  };
  for (const part of [order.subarray(0, nBelow), order.subarray(nBelow)]) {
    for (let k = part.length - 1; k > 0; k--) {
      const other = next(k + 1);
      [part[k], part[other]] = [part[other]!, part[k]!];
    }
  }
  return order;
}
