// What draws the documents as round points, and how large and dense they are.

import type { Camera } from "./camera";
import type { Rgb } from "./color";
import type { MapData } from "./data";
import { mixed } from "./shuffle";

export interface PointStyle {
  /** Index into `colors` of every document. */
  readonly codes: ArrayLike<number>;
  readonly colors: readonly Rgb[];
  readonly dim: Rgb;
  readonly background: Rgb;
}

/** A canvas, and where on it the corner of the map is, in its own pixels. */
export interface Picture {
  readonly canvas: HTMLCanvasElement;
  readonly left: number;
  readonly top: number;
}

/** How a picture is wanted: soon, as the map moves; sooner still, as frames are late; whole, a little
 * later; or whole at once. */
export type Haste = "strained" | "moving" | "still" | "now";

export interface PointRenderer {
  readonly kind: "webgl" | "software";
  setStyle(style: PointStyle): void;
  /** 1: shown in colour, 0: dimmed; null: all are shown. */
  setMask(mask: Uint8Array | null): void;
  /** `ratio`: pixels of the screen for one of the page. */
  draw(camera: Camera, ratio: number, haste: Haste): void;
  /** What was drawn last. */
  picture(): Picture;
}

/** Radius in CSS pixels: smaller for many documents, growing slowly with magnification. */
export function pointRadius(camera: Camera, n: number): number {
  const room = Math.sqrt((0.16 * camera.width * camera.height) / (Math.max(1, n) * Math.PI));
  const base = Math.min(4, Math.max(0.8, room));
  return Math.min(8, base * Math.pow(Math.max(camera.zoom, 0.7), 0.42));
}

export function pointOpacity(camera: Camera, n: number): number {
  const crowded = Math.min(1, n / 60000);
  return Math.min(0.92, 0.85 - 0.25 * crowded + 0.1 * Math.log2(Math.max(1, camera.zoom)));
}

/** How points that a mask leaves out, or points that it leaves, differ from those of the whole map. */
export interface Emphasis {
  readonly size: number;
  readonly opacity: number;
}

export const DIMMED: Emphasis = { size: 0.85, opacity: 0.55 };
export const LIT: Emphasis = { size: 1.25, opacity: 1 };

/** The documents in the order they are drawn in: what lies below comes first. */
export class DrawnPoints {
  private readonly order: Uint32Array;
  /** x, y, x, y … */
  readonly places: Uint16Array;
  readonly codes: Uint32Array;
  /** 1: shown in colour, 0: dimmed. */
  readonly shown: Uint8Array;
  hasMask = false;

  constructor(data: MapData) {
    this.order = mixed(data);
    this.places = new Uint16Array(2 * data.n);
    this.order.forEach((i, k) => {
      this.places[2 * k] = data.x[i]!;
      this.places[2 * k + 1] = data.y[i]!;
    });
    this.codes = new Uint32Array(data.n);
    this.shown = new Uint8Array(data.n).fill(1);
  }

  setCodes(codes: ArrayLike<number>): void {
    for (let k = 0; k < this.order.length; k++) this.codes[k] = codes[this.order[k]!]!;
  }

  /** False: nothing changes. */
  setMask(mask: Uint8Array | null): boolean {
    if (!mask && !this.hasMask) return false;
    if (mask) for (let k = 0; k < this.order.length; k++) this.shown[k] = mask[this.order[k]!]!;
    else this.shown.fill(1);
    this.hasMask = mask !== null;
    return true;
  }

  /** The first so many documents, in order, that `isFirst` holds for. */
  countWhile(isFirst: (i: number) => boolean): number {
    let n = 0;
    while (n < this.order.length && isFirst(this.order[n]!)) n++;
    return n;
  }
}
