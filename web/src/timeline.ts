// How the documents spread over time (or any amount), with a brush that keeps a part of it.

import { binName, binOf, extentOf, numberBins, timeBins, type Bins } from "./bins";
import type { Column, MapData } from "./data";
import { byId, element } from "./dom";
import type { Range } from "./state";
import { svg } from "./svg";

const HEIGHT = 46;

export class Timeline {
  private readonly host = byId("timeline");
  private readonly label = element("output", { class: "timeline-label" });
  private readonly clear = element("button", { type: "button", class: "link" }, "All");
  private readonly picture = svg("svg", { height: HEIGHT, tabindex: 0, role: "slider", "aria-label": "Range of time. Drag to choose; arrow keys move it, with Shift its end." });
  private column = -1;
  private bins: Bins | null = null;
  private all: Float64Array = new Float64Array(0);
  private range: Range | null = null;
  private mask: Uint8Array | null = null;
  private dragFrom: { bin: number; low: number; high: number; isInside: boolean } | null = null;

  constructor(
    private readonly data: MapData,
    private readonly onRange: (range: Range | null, isDone: boolean) => void,
  ) {
    this.clear.addEventListener("click", () => this.onRange(null, true));
    this.host.append(element("div", { class: "timeline-head" }, this.label, this.clear), this.picture);
    this.picture.addEventListener("pointerdown", (event) => this.press(event));
    this.picture.addEventListener("pointermove", (event) => this.drag(event));
    this.picture.addEventListener("pointerup", (event) => this.lift(event));
    this.picture.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.draw()).observe(this.host);
  }

  /** The column whose spread is shown: that of the colour if it is an amount, else the first time. */
  columnFor(color: string): number {
    const isAmount = ({ kind, numbers }: Column): boolean =>
      (kind === "time" || kind === "number") && extentOf(numbers) !== null;
    const own = this.data.columns.findIndex((column) => column.name === color && isAmount(column));
    if (own >= 0) return own;
    const time = this.data.columns.findIndex((column) => column.role === "time" && column.kind === "time" && isAmount(column));
    return time >= 0 ? time : this.data.columns.findIndex((column) => column.kind === "time" && isAmount(column));
  }

  /** `mask`: what the other filters leave. */
  show(column: number, range: Range | null, mask: Uint8Array | null): void {
    this.host.hidden = column < 0;
    if (column !== this.column && column >= 0) {
      const { kind, numbers, unit } = this.data.columns[column]!;
      const [low, high] = extentOf(numbers)!;
      this.bins = kind === "time" ? timeBins(low, high, 120, unit) : numberBins(low, high);
    }
    this.column = column;
    this.range = range?.column === column ? range : null;
    this.mask = mask;
    this.count();
    this.draw();
  }

  private count(): void {
    if (this.column < 0 || !this.bins) return;
    const { numbers } = this.data.columns[this.column]!;
    this.all = new Float64Array(this.bins.edges.length - 1);
    for (let i = 0; i < numbers.length; i++) {
      const value = numbers[i]!;
      if (Number.isNaN(value) || (this.mask && this.mask[i] === 0)) continue;
      this.all[binOf(this.bins, value)]!++;
    }
  }

  private draw(): void {
    const { bins, all } = this;
    const width = this.picture.clientWidth || this.host.clientWidth - 24;
    if (this.host.hidden || !bins || width <= 0) return;
    const n = all.length;
    const most = Math.max(...all, 1);
    const step = width / n;
    this.picture.replaceChildren();
    this.picture.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    const [low, high] = this.range ? [this.range.low, this.range.high] : [-Infinity, Infinity];
    for (let k = 0; k < n; k++) {
      const height = all[k]! > 0 ? Math.max(1.5, (all[k]! / most) * (HEIGHT - 4)) : 0;
      const isIn = bins.edges[k]! >= low && bins.edges[k]! <= high;
      this.picture.append(
        svg("rect", { x: k * step + 0.5, y: HEIGHT - height, width: Math.max(0.5, step - 1), height, class: isIn ? "time-bar" : "time-bar is-out" }),
      );
    }
    if (this.range) {
      const from = binOf(bins, low);
      const to = binOf(bins, high);
      this.picture.append(svg("rect", { x: from * step, y: 0.5, width: (to - from + 1) * step, height: HEIGHT - 1, class: "brush", rx: 3 }));
    }
    const shown = this.range ? [low, Math.min(high, bins.high)] : [bins.low, bins.high];
    const [from, to] = [binName(bins, shown[0]!), binName(bins, shown[1]!)];
    const text = `${this.data.columns[this.column]!.name}: ${from === to ? from : `${from} – ${to}`}`;
    this.label.textContent = text;
    this.picture.setAttribute("aria-valuetext", text);
    this.picture.setAttribute("aria-valuenow", String(this.range ? binOf(bins, low) : 0));
    this.clear.hidden = this.range === null;
  }

  private binAt(event: PointerEvent): number {
    const frame = this.picture.getBoundingClientRect();
    const n = this.all.length;
    return Math.min(n - 1, Math.max(0, Math.floor(((event.clientX - frame.left) / frame.width) * n)));
  }

  private send(from: number, to: number, isDone: boolean): void {
    const { edges } = this.bins!;
    const last = this.all.length - 1;
    const [low, high] = [Math.max(0, Math.min(from, to)), Math.min(last, Math.max(from, to))];
    // The last moment of the bin, so that the next one stays out.
    const isTime = this.data.columns[this.column]!.kind === "time";
    const end = isTime ? edges[high + 1]! - 1 : high === last ? this.bins!.high : edges[high + 1]!;
    this.range = { column: this.column, low: edges[low]!, high: end };
    this.onRange(this.range, isDone);
    this.draw();
  }

  private press(event: PointerEvent): void {
    if (!this.bins || event.button !== 0) return;
    this.picture.setPointerCapture(event.pointerId);
    const bin = this.binAt(event);
    const low = this.range ? binOf(this.bins, this.range.low) : 0;
    const high = this.range ? binOf(this.bins, this.range.high) : 0;
    this.dragFrom = { bin, low, high, isInside: this.range !== null && bin >= low && bin <= high };
  }

  private drag(event: PointerEvent): void {
    if (!this.dragFrom) return;
    this.sendDrag(this.binAt(event), false);
  }

  private sendDrag(bin: number, isDone: boolean): void {
    const { bin: start, low, high, isInside } = this.dragFrom!;
    if (!isInside) {
      this.send(start, bin, isDone);
      return;
    }
    const by = Math.min(this.all.length - 1 - high, Math.max(-low, bin - start));
    this.send(low + by, high + by, isDone);
  }

  private lift(event: PointerEvent): void {
    if (!this.dragFrom) return;
    const bin = this.binAt(event);
    const isClick = bin === this.dragFrom.bin;
    if (isClick && this.dragFrom.isInside) this.onRange(null, true);
    else this.sendDrag(bin, true);
    this.dragFrom = null;
  }

  private key(event: KeyboardEvent): void {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0 || !this.bins) return;
    event.preventDefault();
    const last = this.all.length - 1;
    const low = this.range ? binOf(this.bins, this.range.low) : 0;
    const high = this.range ? binOf(this.bins, this.range.high) : Math.max(0, Math.floor(last / 4));
    if (!this.range) this.send(low, high, true);
    else if (event.shiftKey) this.send(low, Math.max(low, high + by), true);
    else if (low + by >= 0 && high + by <= last) this.send(low + by, high + by, true);
  }
}
