// Draws points straight into pixels, for browsers without a graphics card: about ten times faster
// than WebGL emulated on the processor.

import type { Camera } from "./camera";
import type { Rgb } from "./color";
import type { MapData } from "./data";
import { pointOpacity, pointRadius, type PointRenderer, type PointStyle } from "./points";
import { mixed } from "./shuffle";

const FRACTIONS = 4; // Positions inside a pixel, each way, that have their own stamp.
const FRAME_MS = 9; // What drawing points may take of a frame while the map moves.

/** How much of each pixel a disc covers, 0..256, for every position of its middle. */
export function makeStamps(radius: number, opacity: number): { side: number; stamps: Uint16Array[] } {
  const side = Math.ceil(2 * radius + 1.5);
  const stamps: Uint16Array[] = [];
  const most = 256 * opacity * Math.min(1, 4 * radius * radius);
  for (let fy = 0; fy < FRACTIONS; fy++) {
    for (let fx = 0; fx < FRACTIONS; fx++) {
      const stamp = new Uint16Array(side * side);
      const x = (side - 1) / 2 + (fx + 0.5) / FRACTIONS;
      const y = (side - 1) / 2 + (fy + 0.5) / FRACTIONS;
      for (let row = 0; row < side; row++) {
        for (let column = 0; column < side; column++) {
          const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
          const cover = Math.min(1, Math.max(0, radius + 0.5 - distance));
          stamp[row * side + column] = Math.round(most * cover);
        }
      }
      stamps.push(stamp);
    }
  }
  return { side, stamps };
}

const packed = (color: Rgb): number => {
  const [r, g, b] = color.map((v) => Math.round(v * 255)) as [number, number, number];
  return (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
};

export class SoftwarePoints implements PointRenderer {
  readonly kind = "software";
  private readonly order: Uint32Array;
  private readonly x: Uint16Array;
  private readonly y: Uint16Array;
  private readonly codes: Uint32Array;
  private readonly shown: Uint8Array;
  private readonly nBelow: number;
  private colors = new Uint32Array(0);
  private dim = 0;
  private background = 0xffffffff;
  private hasMask = false;
  private image: ImageData | null = null;
  private pixels = new Uint32Array(0);
  private stampKey = "";
  private stamps: ReturnType<typeof makeStamps> = { side: 1, stamps: [] };
  private share = 1; // Of the points that are drawn while the map moves.

  constructor(
    private readonly context: CanvasRenderingContext2D,
    data: MapData,
  ) {
    this.n = data.n;
    this.order = mixed(data);
    this.x = Uint16Array.from(this.order, (i) => data.x[i]!);
    this.y = Uint16Array.from(this.order, (i) => data.y[i]!);
    this.codes = new Uint32Array(data.n);
    this.shown = new Uint8Array(data.n).fill(1);
    let nBelow = 0;
    while (nBelow < data.n && data.topics[data.topic[this.order[nBelow]!]!]!.id < 0) nBelow++;
    this.nBelow = nBelow;
  }
  private readonly n: number;

  setStyle(style: PointStyle): void {
    this.order.forEach((i, k) => (this.codes[k] = style.codes[i]!));
    this.colors = Uint32Array.from(style.colors, packed);
    this.dim = packed(style.dim);
    this.background = packed(style.background);
  }

  setMask(mask: Uint8Array | null): void {
    this.hasMask = mask !== null;
    if (mask) this.order.forEach((i, k) => (this.shown[k] = mask[i]!));
    else this.shown.fill(1);
  }

  private prepare(width: number, height: number): void {
    if (this.image?.width !== width || this.image.height !== height) {
      this.image = this.context.createImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
    }
    this.pixels.fill(this.background);
  }

  private prepareStamps(radius: number, opacity: number): void {
    const key = `${radius.toFixed(2)} ${opacity.toFixed(3)}`;
    if (key !== this.stampKey) this.stamps = makeStamps(radius, opacity);
    this.stampKey = key;
  }

  draw(camera: Camera, ratio: number, isMoving: boolean): boolean {
    const { canvas } = this.context;
    const begin = performance.now();
    this.prepare(canvas.width, canvas.height);
    const share = isMoving ? this.share : 1;
    const opacity = pointOpacity(camera, this.n);
    const radius = pointRadius(camera, this.n) * ratio;
    const parts: [number, number][] = [
      [0, this.nBelow],
      [this.nBelow, this.n],
    ];
    for (const wanted of this.hasMask ? [0, 1] : [1]) {
      const isDim = this.hasMask && wanted === 0;
      const grown = radius * (isDim ? 0.85 : this.hasMask ? 1.25 : 1);
      this.prepareStamps(grown, isDim ? 0.55 * opacity : opacity);
      for (const [from, to] of parts) {
        this.drawPart(camera, ratio, from, from + Math.ceil((to - from) * share), wanted, isDim);
      }
    }
    this.context.putImageData(this.image!, 0, 0);
    const spent = performance.now() - begin;
    // The share that would have taken the time allowed; slowly, so that the picture does not flicker.
    if (isMoving || spent > FRAME_MS) {
      const fitting = Math.min(1, Math.max(0.02, (share * FRAME_MS) / Math.max(0.5, spent)));
      this.share = isMoving ? 0.7 * this.share + 0.3 * fitting : fitting;
    }
    return share < 1;
  }

  private drawPart(camera: Camera, ratio: number, from: number, to: number, wanted: number, isDim: boolean): void {
    const { x, y, codes, shown, colors, pixels } = this;
    const { side, stamps } = this.stamps;
    const width = this.context.canvas.width;
    const height = this.context.canvas.height;
    const scale = camera.scale * ratio;
    const half = (side - 1) / 2;
    const left = width / 2 - camera.centerX * scale - half;
    const top = height / 2 + camera.centerY * scale - half;
    const lastX = width - side;
    const lastY = height - side;
    for (let k = from; k < to; k++) {
      if (shown[k] !== wanted) continue;
      const px = x[k]! * scale + left;
      const py = top - y[k]! * scale;
      const column = Math.floor(px);
      const row = Math.floor(py);
      if (column < 0 || row < 0 || column > lastX || row > lastY) continue;
      const fx = ((px - column) * FRACTIONS) | 0;
      const fy = ((py - row) * FRACTIONS) | 0;
      const stamp = stamps[fy * FRACTIONS + fx]!;
      const color = isDim ? this.dim : colors[codes[k]!]!;
      const redBlue = color & 0xff00ff;
      const green = color & 0x00ff00;
      let s = 0;
      for (let r = 0, at = row * width + column; r < side; r++, at += width) {
        for (let c = 0; c < side; c++, s++) {
          const cover = stamp[s]!;
          if (cover === 0) continue;
          const old = pixels[at + c]!;
          const rest = 256 - cover;
          const rb = (Math.imul(old & 0xff00ff, rest) + Math.imul(redBlue, cover)) >>> 8;
          const g = (Math.imul(old & 0x00ff00, rest) + Math.imul(green, cover)) >>> 8;
          pixels[at + c] = 0xff000000 | (rb & 0xff00ff) | (g & 0x00ff00);
        }
      }
    }
  }
}
