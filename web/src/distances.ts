// Topics as circles whose distances tell how different they are; the area is the number of documents.

import { topicName, type MapData } from "./data";
import { count, element } from "./dom";
import type { Similarities } from "./linkage";
import { fitted, svg } from "./svg";

const ROUNDS = 60;

/** Places in the plane whose distances come close to those given (stress majorisation, de Leeuw 1977),
 * starting from `start`. */
export function planePlaces(n: number, distance: (i: number, j: number) => number, start: [number, number][]): [number, number][] {
  let places = start.map(([x, y]): [number, number] => [x, y]);
  for (let round = 0; round < ROUNDS; round++) {
    places = places.map(([x, y], i): [number, number] => {
      let sumX = 0;
      let sumY = 0;
      for (let j = 0; j < n; j++) {
        if (j === i) continue;
        const [ox, oy] = places[j]!;
        const apart = Math.hypot(x - ox, y - oy) || 1e-9;
        const pull = distance(i, j) / apart;
        sumX += ox + pull * (x - ox);
        sumY += oy + pull * (y - oy);
      }
      return [sumX / Math.max(1, n - 1), sumY / Math.max(1, n - 1)];
    });
  }
  return places;
}

export class Distances {
  readonly root = element("div", { class: "distances" });
  private places: [number, number][] | null = null;
  private chosen: ReadonlySet<number> = new Set();

  constructor(
    private readonly data: MapData,
    private readonly similarities: Similarities,
    private readonly start: (topic: number) => { x: number; y: number },
    private readonly onChoose: (topic: number) => void,
  ) {}

  mark(topics: ReadonlySet<number>): void {
    this.chosen = topics;
  }

  draw(width: number): void {
    const { topics, values } = this.similarities;
    const n = topics.length;
    if (n === 0 || width === 0) {
      this.root.replaceChildren(element("p", { class: "empty" }, "There are no topics to compare."));
      return;
    }
    const begin = topics.map((topic): [number, number] => {
      const { x, y } = this.start(topic);
      return [x / 65535, y / 65535];
    });
    this.places ??= planePlaces(n, (i, j) => Math.max(0.02, 1 - values[i * n + j]!), begin);
    const xs = this.places.map(([x]) => x);
    const ys = this.places.map(([, y]) => y);
    const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const extent = Math.max(right - left, high - low, 1e-9);
    const most = Math.max(...topics.map((topic) => this.data.topics[topic]!.count), 1);
    const largest = Math.min(44, Math.max(14, (0.55 * width) / Math.sqrt(n)));
    const room = width - 2 * largest - 8;
    const picture = svg("svg", { width, height: width, viewBox: `0 0 ${width} ${width}`, role: "group", "aria-label": "Distances between topics" });
    const names = svg("g", { class: "circle-names" });
    const order = topics.map((_, k) => k).sort((a, b) => this.data.topics[topics[b]!]!.count - this.data.topics[topics[a]!]!.count);
    const taken: [number, number, number, number][] = [];
    for (const k of order) {
      const topic = this.data.topics[topics[k]!]!;
      const [x, y] = this.places[k]!;
      const cx = width / 2 + ((x - (left + right) / 2) / extent) * room;
      const cy = width / 2 - ((y - (low + high) / 2) / extent) * room;
      const r = Math.max(2.5, largest * Math.sqrt(topic.count / most));
      const label = `${topicName(topic)}: ${count(topic.count, "document")}`;
      const isChosen = this.chosen.has(topics[k]!);
      const circle = svg("circle", { cx, cy, r, "data-topic": topics[k], class: `circle${isChosen ? " is-chosen" : ""}`, tabindex: 0, role: "button", "aria-label": label });
      circle.append(svg("title", {}, label));
      circle.addEventListener("click", () => this.onChoose(topics[k]!));
      circle.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") this.onChoose(topics[k]!);
      });
      picture.append(circle);
      const text = fitted(topicName(topic), 150);
      const half = 3.1 * text.length;
      const tx = Math.min(width - half - 2, Math.max(half + 2, cx));
      const box: [number, number, number, number] = [tx - half, cy - 7, tx + half, cy + 7];
      if (taken.every((o) => box[0] > o[2] || o[0] > box[2] || box[1] > o[3] || o[1] > box[3])) {
        taken.push(box);
        names.append(svg("text", { x: tx, y: cy + 4, "text-anchor": "middle" }, text));
      }
    }
    picture.append(names);
    const note = "Circles near each other are alike in meaning, as far as a plane can show it; the area is the number of documents.";
    this.root.replaceChildren(element("p", { class: "note" }, note), picture);
  }
}
