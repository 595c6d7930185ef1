// How good the map is, in figures, topic by topic, and how it was made.

import { OUTLIERS, topicName, type MapData } from "./data";
import { element, number, share } from "./dom";
import type { Similarities } from "./linkage";

const MOST_ROWS = 500;

interface Figure {
  readonly name: string;
  readonly help: string;
  readonly values: readonly (number | null)[];
  readonly digits: number;
}

function meanPercent(data: MapData): (number | null)[] {
  const sums = new Float64Array(data.topics.length);
  const counts = new Float64Array(data.topics.length);
  for (let i = 0; i < data.n; i++) {
    sums[data.topic[i]!]! += data.percent(i);
    counts[data.topic[i]!]!++;
  }
  return Array.from(sums, (sum, k) => (counts[k]! > 0 && data.topics[k]!.id !== OUTLIERS ? sum / counts[k]! / 100 : null));
}

function closestOther(data: MapData, { topics, values }: Similarities): (number | null)[] {
  const out: (number | null)[] = data.topics.map(() => null);
  const n = topics.length;
  topics.forEach((topic, i) => {
    let most = -1;
    for (let j = 0; j < n; j++) if (j !== i) most = Math.max(most, values[i * n + j]!);
    if (n > 1) out[topic] = most;
  });
  return out;
}

/** Share of the topics' words that no other topic has (topic diversity, Dieng et al. 2020). */
export function diversity(data: MapData): number | null {
  const words = data.topics.filter(({ id }) => id !== OUTLIERS).flatMap((topic) => topic.words.map(([word]) => word));
  return words.length > 0 ? new Set(words).size / words.length : null;
}

function weightedMean(data: MapData, values: readonly (number | null)[]): number | null {
  let sum = 0;
  let total = 0;
  values.forEach((value, k) => {
    if (value === null) return;
    sum += value * data.topics[k]!.count;
    total += data.topics[k]!.count;
  });
  return total > 0 ? sum / total : null;
}

export class Quality {
  readonly root = element("div", { class: "quality" });
  private readonly figures: Figure[];
  private sort = -1; // Column of the table; -1: documents.

  constructor(
    private readonly data: MapData,
    similarities: Similarities,
    private readonly onChoose: (topic: number) => void,
  ) {
    this.figures = [];
    if (data.hasPercent) {
      this.figures.push({ name: "probability", help: "Mean probability of the topic's documents", values: meanPercent(data), digits: 2 });
    }
    for (const { name, help, values } of data.measures) this.figures.push({ name, help, values, digits: 3 });
    this.figures.push({ name: "closest", help: "Similarity to the most similar other topic: near 1 means that the two could be one", values: closestOther(data, similarities), digits: 2 });
    this.draw();
  }

  private draw(): void {
    const { data } = this;
    const outliers = data.topics.find(({ id }) => id === OUTLIERS)?.count ?? 0;
    const topics = data.topics.filter(({ id }) => id !== OUTLIERS);
    const sizes = topics.map(({ count }) => count).sort((a, b) => a - b);
    const rows: [string, string, string][] = [
      ["Documents without a topic", `${number(outliers)} (${share(outliers, data.nDocuments)})`, "Outliers, drawn in grey"],
      ["Not on the map", number(data.nDocuments - data.n), "Documents without text or place"],
      ["Topics", number(topics.length), ""],
      ["Median size", sizes.length > 0 ? number(sizes[Math.floor(sizes.length / 2)]!) : "none", `From ${number(sizes[0] ?? 0)} to ${number(sizes[sizes.length - 1] ?? 0)} documents`],
    ];
    const different = diversity(data);
    if (different !== null) rows.push(["Diversity of words", different.toFixed(2), "Share of the topics' words that only one topic has"]);
    for (const figure of this.figures) {
      const mean = weightedMean(data, figure.values);
      if (mean !== null) rows.push([`Mean ${figure.name}`, mean.toFixed(figure.digits), figure.help]);
    }
    if (!data.measures.some(({ name }) => name === "persistence")) {
      rows.push(["Persistence", "not known", "Only density clustering (--cluster hdbscan) measures it"]);
    }
    const list = element("dl", { class: "figures" });
    for (const [name, value, help] of rows) {
      list.append(element("div", {}, element("dt", {}, name), element("dd", {}, value), help ? element("p", { class: "note" }, help) : null));
    }
    this.root.replaceChildren(list, element("h3", {}, "Topic by topic"), this.table(), element("h3", {}, "How this map was made"), this.provenance());
  }

  private table(): HTMLElement {
    const { data } = this;
    const head = element("tr");
    const titles = ["documents", ...this.figures.map(({ name }) => name)];
    titles.forEach((title, k) => {
      const button = element("button", { type: "button", class: "sort" }, title);
      button.addEventListener("click", () => {
        this.sort = k - 1;
        this.draw();
      });
      head.append(element("th", { scope: "col", class: "number", "aria-sort": k - 1 === this.sort ? "descending" : "none" }, button));
    });
    const value = (topic: number): number =>
      this.sort < 0 ? data.topics[topic]!.count : (this.figures[this.sort]!.values[topic] ?? -Infinity);
    const order = data.topics
      .map((_, i) => i)
      .filter((i) => data.topics[i]!.id !== OUTLIERS)
      .sort((a, b) => value(b) - value(a) || a - b);
    const table = element("table", { class: "measures" }, element("thead", {}, head));
    for (const i of order.slice(0, MOST_ROWS)) {
      const name = element("button", { type: "button", class: "topic-name", dir: "auto" }, element("span", { class: "swatch", "data-topic": i }), topicName(data.topics[i]!));
      name.addEventListener("click", () => this.onChoose(i));
      // A line of its own: beside six figures a name would be one letter wide.
      const nameRow = element("tr", {}, element("th", { scope: "rowgroup", colspan: titles.length }, name));
      const row = element("tr", {}, element("td", { class: "number" }, number(data.topics[i]!.count)));
      for (const { values, digits } of this.figures) {
        const v = values[i];
        row.append(element("td", { class: "number" }, v === null || v === undefined ? "–" : v.toFixed(digits)));
      }
      table.append(element("tbody", {}, nameRow, row));
    }
    const nMore = order.length - MOST_ROWS;
    return element("div", {}, table, nMore > 0 ? element("p", { class: "note" }, `${number(nMore)} more topics are not listed; sort to see others.`) : null);
  }

  private provenance(): HTMLElement {
    const list = element("dl", { class: "provenance" });
    for (const [name, value] of [...this.data.facts, ...this.data.provenance]) {
      if (value !== "") list.append(element("div", {}, element("dt", {}, name), element("dd", { dir: "auto" }, value)));
    }
    if (list.childElementCount === 0) return element("p", { class: "empty" }, "The page was made without a record.");
    return list;
  }
}
