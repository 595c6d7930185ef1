// Choosing documents by drawing around them: a rectangle, or any outline (lasso).

import type { Camera } from "./camera";

export type Tool = "move" | "box" | "lasso";

/** Whether (x, y) is inside the outline x, y, x, y … (even-odd rule). */
export function isInside(outline: readonly number[], x: number, y: number): boolean {
  let inside = false;
  const n = outline.length;
  for (let k = 0, before = n - 2; k < n; before = k, k += 2) {
    const [x1, y1, x2, y2] = [outline[before]!, outline[before + 1]!, outline[k]!, outline[k + 1]!];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  }
  return inside;
}

/** The documents inside the outline, ascending. */
export function documentsInside(
  outline: readonly number[],
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): Uint32Array {
  const xs = outline.filter((_, k) => k % 2 === 0);
  const ys = outline.filter((_, k) => k % 2 === 1);
  const [left, right, bottom, top] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const found: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const px = x[i]!;
    const py = y[i]!;
    if (px < left || px > right || py < bottom || py > top) continue;
    if (isInside(outline, px, py)) found.push(i);
  }
  return Uint32Array.from(found);
}

/** At most `most` corners, the ones along the way at even steps: an address must stay short. */
export function thinned(outline: readonly number[], most = 48): number[] {
  const n = outline.length / 2;
  if (n <= most) return [...outline];
  const out: number[] = [];
  for (let k = 0; k < most; k++) {
    const at = Math.floor((k * n) / most);
    out.push(outline[2 * at]!, outline[2 * at + 1]!);
  }
  return out;
}

export interface SelectionActions {
  /** While drawing; empty: given up. */
  preview(outline: readonly number[]): void;
  choose(outline: readonly number[]): void;
}

const LEAST = 6; // Pixels; less is a click.

/** Takes over the pointer while a tool is on (or Shift is held: rectangle). */
export function startSelecting(
  host: HTMLElement,
  camera: Camera,
  tool: () => Tool,
  actions: SelectionActions,
): void {
  let path: number[] | null = null;
  let kind: Tool = "move";
  const at = (event: PointerEvent): [number, number] => {
    const frame = host.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };
  const outline = (): number[] => {
    if (!path) return [];
    if (kind === "box") {
      const [x1, y1] = [path[0]!, path[1]!];
      const [x2, y2] = path.slice(-2) as [number, number];
      return onMap([x1, y1, x2, y1, x2, y2, x1, y2]);
    }
    return onMap(path);
  };
  const onMap = (pixels: readonly number[]): number[] =>
    pixels.map((v, k) => (k % 2 === 0 ? camera.toMapX(v) : camera.toMapY(v)));
  // In the capture phase: the gestures of the map must not see what is meant for the tool.
  host.addEventListener(
    "pointerdown",
    (event) => {
      kind = tool() === "move" && event.shiftKey ? "box" : tool();
      if (kind === "move" || event.button !== 0) return;
      event.stopImmediatePropagation();
      host.setPointerCapture(event.pointerId);
      path = at(event);
    },
    true,
  );
  host.addEventListener(
    "pointermove",
    (event) => {
      if (!path) return;
      event.stopImmediatePropagation();
      path.push(...at(event));
      actions.preview(outline());
    },
    true,
  );
  const finish = (event: PointerEvent): void => {
    if (!path) return;
    event.stopImmediatePropagation();
    const xs = path.filter((_, k) => k % 2 === 0);
    const ys = path.filter((_, k) => k % 2 === 1);
    const span = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
    const made = outline();
    path = null;
    if (event.type === "pointerup" && span >= LEAST && made.length >= 6) actions.choose(thinned(made));
    else actions.preview([]);
  };
  host.addEventListener("pointerup", finish, true);
  host.addEventListener("pointercancel", finish, true);
}
