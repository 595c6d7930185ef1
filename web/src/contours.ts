// Lines of equal density over the map.

import type { Box } from "./camera";

export interface Density {
  readonly side: number;
  readonly box: Box;
  /** side x side, row by row from the bottom. */
  readonly values: Float32Array;
}

/** Three passes of a moving mean are close to a Gaussian. */
function blur(values: Float32Array, side: number, radius: number): void {
  const line = new Float32Array(side);
  const pass = (start: number, step: number): void => {
    let sum = 0;
    for (let k = -radius; k < side; k++) {
      if (k + radius < side) sum += values[start + (k + radius) * step]!;
      if (k - radius - 1 >= 0) sum -= values[start + (k - radius - 1) * step]!;
      if (k >= 0) line[k] = sum / (2 * radius + 1);
    }
    for (let k = 0; k < side; k++) values[start + k * step] = line[k]!;
  };
  for (let round = 0; round < 3; round++) {
    for (let row = 0; row < side; row++) pass(row * side, 1);
    for (let column = 0; column < side; column++) pass(column, side);
  }
}

/** Documents a cell, smoothed; only those that `mask` holds, if given. */
export function density(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  box: Box,
  mask: Uint8Array | null,
  side = 192,
  radius = 2,
): Density {
  const values = new Float32Array(side * side);
  const acrossScale = side / Math.max(1, box.right - box.left);
  const alongScale = side / Math.max(1, box.top - box.bottom);
  for (let i = 0; i < x.length; i++) {
    if (mask && mask[i] === 0) continue;
    const column = Math.floor((x[i]! - box.left) * acrossScale);
    const row = Math.floor((y[i]! - box.bottom) * alongScale);
    if (column >= 0 && row >= 0 && column < side && row < side) values[row * side + column]!++;
  }
  blur(values, side, radius);
  return { side, box, values };
}

/** Levels that hold ever denser shares of the documents. */
export function contourLevels(values: Float32Array, n = 7): number[] {
  const sorted = values.filter((value) => value > 0).sort();
  if (sorted.length === 0) return [];
  const total = sorted.reduce((sum, value) => sum + value, 0);
  const levels: number[] = [];
  let below = 0;
  let next = 1;
  for (const value of sorted) {
    below += value;
    if (next <= n && below >= (total * next) / (n + 1)) {
      levels.push(value);
      next++;
    }
  }
  return [...new Set(levels)];
}

/** The lines of one level as segments x, y, x, y in map units (marching squares). */
export function contourSegments({ side, box, values }: Density, level: number): Float32Array {
  const out: number[] = [];
  const acrossStep = (box.right - box.left) / side;
  const alongStep = (box.top - box.bottom) / side;
  for (let row = 0; row + 1 < side; row++) {
    for (let column = 0; column + 1 < side; column++) {
      const at = row * side + column;
      const a = values[at]!;
      const b = values[at + 1]!;
      const c = values[at + side + 1]!;
      const d = values[at + side]!;
      const kind = (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0);
      if (kind === 0 || kind === 15) continue;
      const part = (from: number, to: number): number => (level - from) / (to - from);
      const point = (edge: number): [number, number] => {
        const [u, v] = [
          [part(a, b), 0],
          [1, part(b, c)],
          [part(d, c), 1],
          [0, part(a, d)],
        ][edge] as [number, number];
        return [box.left + (column + u + 0.5) * acrossStep, box.bottom + (row + v + 0.5) * alongStep];
      };
      for (const [from, to] of EDGES[kind]!) out.push(...point(from), ...point(to));
    }
  }
  return Float32Array.from(out);
}

// Which edges (bottom, right, top, left) a line joins, for every set of corners above the level.
const EDGES: readonly (readonly (readonly [number, number])[])[] = [
  [], [[3, 0]], [[0, 1]], [[3, 1]], [[1, 2]], [[3, 2], [0, 1]], [[0, 2]], [[3, 2]],
  [[2, 3]], [[2, 0]], [[0, 3], [1, 2]], [[2, 1]], [[1, 3]], [[1, 0]], [[0, 3]], [],
]; // prettier-ignore
