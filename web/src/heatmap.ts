// Similarity of all pairs of topics, in the order of the hierarchy: related topics form blocks.

import { topicName, type MapData } from "./data";
import { element } from "./dom";
import { oklch } from "./color";
import type { Hierarchy, Similarities } from "./linkage";

export class Heatmap {
  readonly root = element("div", { class: "heatmap" });
  private readonly canvas = element("canvas", { tabindex: 0, role: "img", "aria-label": "Similarity of topics. Arrow keys move over the pairs, Enter chooses." });
  private readonly note = element("p", { class: "note heatmap-note", "aria-live": "polite" });
  private readonly places: number[];
  private readonly cells: Float32Array;
  private readonly n: number;
  private at: [number, number] = [0, 0];
  private chosen: ReadonlySet<number> = new Set();

  constructor(
    private readonly data: MapData,
    similarities: Similarities,
    hierarchy: Hierarchy,
    private readonly onChoose: (topic: number) => void,
  ) {
    const placeOf = new Map(similarities.topics.map((topic, k) => [topic, k]));
    this.places = hierarchy.order.map((topic) => placeOf.get(topic)!);
    this.n = this.places.length;
    this.cells = new Float32Array(this.n * this.n);
    this.places.forEach((p, i) => {
      this.places.forEach((q, j) => (this.cells[i * this.n + j] = similarities.values[p * this.n + q]!));
    });
    this.order = hierarchy.order;
    this.root.append(
      element("p", { class: "note" }, "Topics in the order of the hierarchy. Darker pairs are more alike; a click shows the topic."),
      this.canvas,
      this.note,
    );
    this.canvas.addEventListener("pointermove", (event) => this.point(this.cellAt(event)));
    this.canvas.addEventListener("pointerleave", () => this.describe());
    this.canvas.addEventListener("click", (event) => {
      this.point(this.cellAt(event));
      if (this.n > 0) this.onChoose(this.order[this.at[0]]!);
    });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }
  private readonly order: readonly number[];

  mark(topics: ReadonlySet<number>): void {
    this.chosen = topics;
  }

  draw(width: number): void {
    if (this.n === 0 || width === 0) {
      this.note.textContent = this.n === 0 ? "There are no topics to compare." : "";
      return;
    }
    const ratio = devicePixelRatio || 1;
    const side = Math.floor(width * ratio);
    this.canvas.width = this.canvas.height = side;
    const isDark = document.documentElement.dataset.theme === "dark";
    const colors = Array.from({ length: 64 }, (_, k) => {
      const t = k / 63;
      return isDark ? oklch(0.24 + 0.62 * t, 0.02 + 0.11 * t, 255 - 100 * t) : oklch(0.975 - 0.6 * t, 0.01 + 0.12 * t, 190 + 70 * t);
    });
    const { n, cells } = this;
    let low = 1;
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) low = Math.min(low, cells[i * n + j]!);
    const context = this.canvas.getContext("2d")!;
    const image = context.createImageData(side, side);
    for (let py = 0; py < side; py++) {
      const row = Math.floor((py * n) / side);
      for (let px = 0; px < side; px++) {
        const value = cells[row * n + Math.floor((px * n) / side)]!;
        const t = low < 1 ? (value - low) / (1 - low) : 1;
        const color = colors[Math.min(63, Math.max(0, Math.floor(t * 63.99)))]!;
        const at = 4 * (py * side + px);
        for (let c = 0; c < 3; c++) image.data[at + c] = color[c]! * 255;
        image.data[at + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
    const cell = side / n;
    context.strokeStyle = isDark ? "#fff" : "#000";
    context.lineWidth = ratio;
    this.order.forEach((topic, i) => {
      if (this.chosen.has(topic)) context.strokeRect(i * cell, 0, Math.max(1, cell), side);
    });
    this.describe();
  }

  private cellAt(event: MouseEvent): [number, number] {
    const frame = this.canvas.getBoundingClientRect();
    const part = (v: number, whole: number): number =>
      Math.min(this.n - 1, Math.max(0, Math.floor((v / Math.max(1, whole)) * this.n)));
    return [part(event.clientY - frame.top, frame.height), part(event.clientX - frame.left, frame.width)];
  }

  private point(at: [number, number]): void {
    this.at = at;
    this.describe();
  }

  private describe(): void {
    if (this.n === 0) return;
    const [i, j] = this.at;
    const name = (k: number): string => topicName(this.data.topics[this.order[k]!]!);
    this.note.replaceChildren(
      element("b", { dir: "auto" }, name(i)),
      " and ",
      element("b", { dir: "auto" }, name(j)),
      `: ${this.cells[i * this.n + j]!.toFixed(2)}`,
    );
  }

  private key(event: KeyboardEvent): void {
    const [i, j] = this.at;
    const bounded = (v: number): number => Math.min(this.n - 1, Math.max(0, v));
    const steps: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const step = steps[event.key];
    if (step) this.point([bounded(i + step[0]), bounded(j + step[1])]);
    else if (event.key === "Enter" && this.n > 0) this.onChoose(this.order[i]!);
    else return;
    event.preventDefault();
  }
}
