// What the map shows at first.

import type { Box } from "./camera";
import type { MapData } from "./data";

export function worldBox(data: MapData): Box {
  if (data.n === 0) return { left: 0, right: 65535, bottom: 0, top: 65535 };
  const box = { left: 65535, right: 0, bottom: 65535, top: 0 };
  for (let i = 0; i < data.n; i++) {
    box.left = Math.min(box.left, data.x[i]!);
    box.right = Math.max(box.right, data.x[i]!);
    box.bottom = Math.min(box.bottom, data.y[i]!);
    box.top = Math.max(box.top, data.y[i]!);
  }
  // A single place still needs a frame.
  const pad = Math.max(0, 2000 - (box.right - box.left), 0) / 2;
  const rise = Math.max(0, 2000 - (box.top - box.bottom), 0) / 2;
  return { left: box.left - pad, right: box.right + pad, bottom: box.bottom - rise, top: box.top + rise };
}

/** The box that leaves out the farthest two percent on each side, with some air. A few points
 * that are like nothing else drift far away; they must not shrink everyone else to a dot. */
export function homeBox(data: MapData, world: Box): Box {
  if (data.n < 200) return world;
  const range = (values: Uint16Array, low: number, high: number): [number, number] => {
    const sorted = values.slice(0, data.n).sort();
    const begin = sorted[Math.floor(0.02 * (data.n - 1))]!;
    const end = sorted[Math.ceil(0.98 * (data.n - 1))]!;
    const air = 0.12 * (end - begin) + 500;
    return [Math.max(low, begin - air), Math.min(high, end + air)];
  };
  const [left, right] = range(data.x, world.left, world.right);
  const [bottom, top] = range(data.y, world.bottom, world.top);
  return { left, right, bottom, top };
}
