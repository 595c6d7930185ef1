// Draws points straight into pixels, for browsers without a graphics card: about ten times faster
// than WebGL emulated on the processor. What is drawn reaches beyond the frame, so that a map that is
// dragged only has to be moved.

import type { Camera } from "./camera";
import type { Rgb } from "./color";
import { OUTLIERS, type MapData } from "./data";
import { DIMMED, DrawnPoints, LIT, pointOpacity, pointRadius, type Haste, type Picture, type PointRenderer, type PointStyle } from "./points";
import { Stamps, type StampSet } from "./stamps";

const MARGIN = 0.2; // Of the frame, drawn beyond it on each side.
const FRAME_MS = 9; // What drawing points may take of a frame while the map moves,
const LATE_FRAME_MS = 6; // and where frames are late.
const STRETCHED_MS = 90; // How long a picture is made larger or smaller instead of drawn, where frames are late.
const MOST_STRETCH = 1.6;
const SLICE_MS = 24; // At rest the rest is drawn in pieces, so that the page can answer in between.
const EDGE = 16; // Pixels.
const BLOCK = 4096; // Points between two looks at the clock.

/** A part of the canvas, in its pixels. */
interface Clip {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Points in drawing order that look alike. */
interface Batch {
  at: number;
  readonly end: number;
  readonly wanted: number; // 1: those under the mask, 0: those beside it, which are dim.
  readonly isDim: boolean;
  readonly stamps: StampSet;
}

/** A view of the map: its middle, and pixels of the screen for a unit. */
interface View {
  readonly centerX: number;
  readonly centerY: number;
  readonly scale: number;
}

/** A picture that is being drawn. */
interface Job {
  readonly view: View;
  readonly clip: Clip;
  readonly batches: Batch[];
  readonly isWhole: boolean;
}

interface Painted {
  readonly view: View;
  readonly clip: Clip;
  readonly isWhole: boolean;
}

const packed = (color: Rgb): number => {
  const [r, g, b] = color.map((v) => Math.round(v * 255)) as [number, number, number];
  return (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
};

export class SoftwarePoints implements PointRenderer {
  readonly kind = "software";
  private readonly canvas: HTMLCanvasElement;
  private readonly n: number;
  private readonly points: DrawnPoints;
  private readonly nBelow: number;
  private readonly stamps = new Stamps();
  private colors = new Uint32Array(0);
  private dim = 0;
  private background = 0xffffffff;
  private image: ImageData | null = null;
  private pixels = new Uint32Array(0);
  private width = 0; // Of the frame.
  private height = 0;
  private painted: Painted | null = null;
  private offset = { left: 0, top: 0 }; // Where the frame is on the canvas.
  private job: Job | null = null;
  private timer = 0;
  private rate = 8000; // Points a millisecond, as measured.
  private paintedAt = 0;

  constructor(
    private readonly context: CanvasRenderingContext2D,
    data: MapData,
  ) {
    this.canvas = context.canvas;
    this.canvas.hidden = false;
    this.n = data.n;
    this.points = new DrawnPoints(data);
    this.nBelow = this.points.countWhile((i) => data.topics[data.topic[i]!]!.id === OUTLIERS);
  }

  setStyle(style: PointStyle): void {
    this.points.setCodes(style.codes);
    this.colors = Uint32Array.from(style.colors, packed);
    this.dim = packed(style.dim);
    this.background = packed(style.background);
    this.painted = null;
  }

  setMask(mask: Uint8Array | null): void {
    if (this.points.setMask(mask)) this.painted = null;
  }

  picture(): Picture {
    return { canvas: this.canvas, ...this.offset };
  }

  draw(camera: Camera, ratio: number, haste: Haste): void {
    this.fit(camera, ratio);
    this.stop();
    const view = { centerX: camera.centerX, centerY: camera.centerY, scale: camera.scale * ratio };
    if (haste === "strained" || haste === "moving") this.drawMoving(view, camera, ratio, haste === "strained");
    else this.drawWhole(view, camera, ratio, haste === "now");
  }

  /** A picture of the whole is as good as a new one while it covers the frame. */
  private drawMoving(view: View, camera: Camera, ratio: number, isStrained: boolean): void {
    const isDragged = this.painted?.view.scale === view.scale;
    const mayFollow = isDragged || (isStrained && performance.now() - this.paintedAt < STRETCHED_MS);
    if (mayFollow && this.follow(view, ratio)) return;
    const budget = isStrained ? LATE_FRAME_MS : FRAME_MS;
    const share = Math.min(1, Math.max(0.01, (budget * this.rate) / Math.max(1, this.n)));
    // What a growing picture needs next is inside of it; a shrinking one needs what is around it.
    const isGrowing = this.painted !== null && view.scale > this.painted.view.scale;
    const clip = isDragged || (isStrained && !isGrowing) ? this.wholeClip() : this.frameClip();
    this.job = this.plan(view, clip, share, camera, ratio);
    this.proceed(Infinity, ratio);
  }

  private drawWhole(view: View, camera: Camera, ratio: number, isAtOnce: boolean): void {
    const { painted } = this;
    if (painted?.isWhole && painted.view.scale === view.scale && this.follow(view, ratio)) {
      const { left, top } = this.offset;
      const [marginX, marginY] = this.margins();
      // With less than half of the margin left, the next movement would come to its end.
      const isWide = painted.clip.right === this.canvas.width && painted.clip.bottom === this.canvas.height;
      const isCentral = isWide && Math.abs(left - marginX) < marginX / 2 && Math.abs(top - marginY) < marginY / 2;
      if (isCentral || isAtOnce) return;
    }
    this.job = this.plan(view, this.wholeClip(), 1, camera, ratio);
    this.proceed(isAtOnce ? Infinity : SLICE_MS, ratio);
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.job = null;
  }

  private margins(): [number, number] {
    return [Math.round(MARGIN * this.width), Math.round(MARGIN * this.height)];
  }

  private wholeClip(): Clip {
    return { left: 0, top: 0, right: this.canvas.width, bottom: this.canvas.height };
  }

  /** The frame, and what a disc at its edge needs. */
  private frameClip(): Clip {
    const [marginX, marginY] = this.margins();
    const left = Math.max(0, marginX - EDGE);
    const top = Math.max(0, marginY - EDGE);
    return { left, top, right: this.canvas.width - left, bottom: this.canvas.height - top };
  }

  private fit(camera: Camera, ratio: number): void {
    const width = Math.round(camera.width * ratio);
    const height = Math.round(camera.height * ratio);
    if (width === this.width && height === this.height && this.image) return;
    this.width = width;
    this.height = height;
    const [marginX, marginY] = this.margins();
    this.canvas.width = width + 2 * marginX;
    this.canvas.height = height + 2 * marginY;
    this.canvas.style.width = `${this.canvas.width / ratio}px`;
    this.canvas.style.height = `${this.canvas.height / ratio}px`;
    this.image = this.context.createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.painted = null;
  }

  /** Moves the picture there is to where the map is now; false where it does not reach. */
  private follow(view: View, ratio: number): boolean {
    const { painted, width, height } = this;
    if (!painted) return false;
    const stretch = view.scale / painted.view.scale;
    if (stretch > MOST_STRETCH || stretch < 1 / MOST_STRETCH) return false;
    const { clip } = painted;
    // The frame in pixels of the picture.
    const [wide, high] = [width / stretch, height / stretch];
    const place = (v: number): number => (stretch === 1 ? Math.round(v) : v);
    const left = place(this.canvas.width / 2 - wide / 2 + (view.centerX - painted.view.centerX) * painted.view.scale);
    const top = place(this.canvas.height / 2 - high / 2 - (view.centerY - painted.view.centerY) * painted.view.scale);
    if (left < clip.left || top < clip.top || left + wide > clip.right || top + high > clip.bottom) return false;
    this.offset = { left, top };
    const grown = stretch / ratio;
    this.canvas.style.transform = `translate(${-left * grown}px, ${-top * grown}px) scale(${stretch})`;
    return true;
  }

  private plan(view: View, clip: Clip, share: number, camera: Camera, ratio: number): Job {
    const opacity = pointOpacity(camera, this.n);
    const radius = pointRadius(camera, this.n) * ratio;
    const batches: Batch[] = [];
    const { hasMask } = this.points;
    for (const wanted of hasMask ? [0, 1] : [1]) {
      const isDim = hasMask && wanted === 0;
      const { size, opacity: part } = isDim ? DIMMED : hasMask ? LIT : { size: 1, opacity: 1 };
      const stamps = this.stamps.get(radius * size, opacity * part);
      for (const [from, to] of [[0, this.nBelow], [this.nBelow, this.n]] as const) {
        batches.push({ at: from, end: from + Math.ceil((to - from) * share), wanted, isDim, stamps });
      }
    }
    const { width } = this.canvas;
    for (let row = clip.top; row < clip.bottom; row++) {
      this.pixels.fill(this.background, row * width + clip.left, row * width + clip.right);
    }
    return { view, clip, batches, isWhole: share === 1 };
  }

  /** Draws on, for so long; what is shown changes when all is drawn. */
  private proceed(longest: number, ratio: number): void {
    const { job } = this;
    if (!job) return;
    const begin = performance.now();
    let drawn = 0;
    for (const batch of job.batches) {
      while (batch.at < batch.end) {
        const from = batch.at;
        batch.at = Math.min(batch.end, from + BLOCK);
        this.drawBlock(job, batch, from, batch.at);
        drawn += batch.at - from;
        if (performance.now() - begin < longest) continue;
        this.timer = setTimeout(() => this.proceed(longest, ratio));
        return;
      }
    }
    const { clip } = job;
    this.context.putImageData(this.image!, 0, 0, clip.left, clip.top, clip.right - clip.left, clip.bottom - clip.top);
    this.painted = job;
    this.paintedAt = begin;
    this.job = null;
    this.follow(job.view, ratio);
    // Slowly, so that the picture does not flicker.
    const spent = performance.now() - begin;
    if (drawn > 1000) this.rate = 0.7 * this.rate + 0.3 * (drawn / Math.max(0.5, spent));
  }

  private drawBlock({ view, clip }: Job, batch: Batch, from: number, to: number): void {
    const { colors, pixels } = this;
    const { places, codes, shown } = this.points;
    const { wanted, isDim } = batch;
    const { side, stamps, fractions } = batch.stamps;
    const { width } = this.canvas;
    const { scale } = view;
    const half = (side - 1) / 2;
    const [marginX, marginY] = this.margins();
    const left = marginX + this.width / 2 - view.centerX * scale - half;
    const top = marginY + this.height / 2 + view.centerY * scale - half;
    const lastX = clip.right - side;
    const lastY = clip.bottom - side;
    for (let k = from; k < to; k++) {
      if (shown[k] !== wanted) continue;
      const px = places[2 * k]! * scale + left;
      const py = top - places[2 * k + 1]! * scale;
      const column = Math.floor(px);
      const row = Math.floor(py);
      if (column < clip.left || row < clip.top || column > lastX || row > lastY) continue;
      const fx = ((px - column) * fractions) | 0;
      const fy = ((py - row) * fractions) | 0;
      const stamp = stamps[fy * fractions + fx]!;
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
