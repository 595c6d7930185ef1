// How topics change over time, and how they differ between classes.

import { binName, binOf, extentOf, timeBins, type Bins } from "./bins";
import { OUTLIERS, topicName, type Column, type MapData } from "./data";
import { element, number, share } from "./dom";
import { svg } from "./svg";

const PAGE = 30;
export interface TrendActions {
  chooseTopic(topic: number): void;
}

function byCount(data: MapData): number[] {
  return data.topics
    .map((_, i) => i)
    .filter((i) => data.topics[i]!.id !== OUTLIERS)
    .sort((a, b) => data.topics[b]!.count - data.topics[a]!.count || a - b);
}

/** A list that grows by pages. */
function growing(rows: readonly number[], make: (row: number) => HTMLElement): HTMLElement {
  const list = element("ul", { class: "trend-list" });
  const more = element("button", { type: "button", class: "more" });
  let shown = 0;
  const append = (): void => {
    const end = Math.min(rows.length, shown + PAGE);
    for (; shown < end; shown++) list.append(element("li", {}, make(rows[shown]!)));
    more.textContent = `Show more (${number(rows.length - shown)} left)`;
    more.hidden = shown >= rows.length;
  };
  more.addEventListener("click", append);
  append();
  return element("div", {}, list, more);
}

function picker(label: string, columns: readonly Column[], chosen: Column, onPick: (column: Column) => void): HTMLElement | null {
  if (columns.length < 2) return null;
  const select = element("select", { "aria-label": label });
  columns.forEach((column, k) => {
    select.append(element("option", { value: k, selected: column === chosen }, column.name));
  });
  select.addEventListener("change", () => onPick(columns[Number(select.value)]!));
  return element("label", { class: "picker" }, `${label} `, select);
}

export class OverTime {
  readonly root = element("div", { class: "over-time" });
  private column: Column | null;
  private isShare = true;

  constructor(
    private readonly data: MapData,
    private readonly actions: TrendActions,
  ) {
    const columns = this.columns();
    this.column = columns.find(({ role }) => role === "time") ?? columns[0] ?? null;
  }

  private columns(): Column[] {
    return this.data.columns.filter(({ kind, numbers }) => kind === "time" && extentOf(numbers) !== null);
  }

  draw(width: number, mask: Uint8Array | null): void {
    const { column, data } = this;
    if (!column) {
      const text = "The documents have no dates. Name a column with \u2060-\u2060-\u2060time to see how topics change.";
      this.root.replaceChildren(element("p", { class: "empty" }, text));
      return;
    }
    const [low, high] = extentOf(column.numbers)!;
    const bins = timeBins(low, high, 60, column.unit);
    const n = bins.edges.length - 1;
    const totals = new Float64Array(n);
    const counts = new Map<number, Float64Array>();
    for (let i = 0; i < data.n; i++) {
      const value = column.numbers[i]!;
      if (Number.isNaN(value) || (mask && mask[i] === 0)) continue;
      const bin = binOf(bins, value);
      totals[bin]!++;
      let list = counts.get(data.topic[i]!);
      if (!list) counts.set(data.topic[i]!, (list = new Float64Array(n)));
      list[bin]!++;
    }
    const bar = element("div", { class: "list-head" });
    const switcher = element("button", { type: "button", class: "link" }, this.isShare ? "Show counts" : "Show shares");
    switcher.addEventListener("click", () => {
      this.isShare = !this.isShare;
      this.draw(width, mask);
    });
    const what = this.isShare ? "Share of each period's documents" : "Documents in each period";
    bar.append(element("p", { class: "note" }, `${what}, ${binName(bins, low)} to ${binName(bins, high)}.`), switcher);
    const pick = picker("Dates", this.columns(), column, (picked) => {
      this.column = picked;
      this.draw(width, mask);
    });
    const rows = byCount(data).filter((topic) => counts.has(topic));
    this.root.replaceChildren(bar);
    if (pick) this.root.append(pick);
    this.root.append(growing(rows, (topic) => this.row(topic, counts.get(topic)!, totals, bins, width)));
  }

  private row(topic: number, counts: Float64Array, totals: Float64Array, bins: Bins, width: number): HTMLElement {
    const n = counts.length;
    const height = 42;
    const values = Array.from(counts, (value, k) => (this.isShare ? value / Math.max(1, totals[k]!) : value));
    const most = Math.max(...values, 1e-12);
    const span = bins.edges[n]! - bins.edges[0]!;
    const x = (k: number): number => ((bins.edges[k]! - bins.edges[0]!) / span) * (width - 2) + 1;
    const y = (value: number): number => height - 2 - (value / most) * (height - 8);
    let area = `M${x(0)} ${height - 2}`;
    values.forEach((value, k) => (area += `L${x(k).toFixed(1)} ${y(value).toFixed(1)}L${x(k + 1).toFixed(1)} ${y(value).toFixed(1)}`));
    area += `L${x(n)} ${height - 2}Z`;
    const name = topicName(this.data.topics[topic]!);
    const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true", "data-topic": topic });
    picture.append(svg("path", { d: area, class: "area" }));
    const tip = svg("title", {});
    picture.append(tip);
    const value = element("span", { class: "trend-value" });
    const text = (k: number): string =>
      `${binName(bins, bins.edges[k]!)}: ${number(counts[k]!)} (${share(counts[k]!, totals[k]!)})`;
    const peak = values.indexOf(most);
    value.textContent = `most ${text(Math.max(0, peak))}`;
    picture.addEventListener("pointermove", (event) => {
      const at = ((event.clientX - picture.getBoundingClientRect().left) / width) * span + bins.edges[0]!;
      value.textContent = text(Math.min(n - 1, binOf(bins, at)));
    });
    picture.addEventListener("pointerleave", () => (value.textContent = `most ${text(Math.max(0, peak))}`));
    const button = element("button", { type: "button", class: "topic-name", dir: "auto" }, element("span", { class: "swatch", "data-topic": topic }), name);
    button.addEventListener("click", () => this.actions.chooseTopic(topic));
    return element("div", { class: "trend" }, element("div", { class: "trend-head" }, button, value), picture);
  }
}

export class PerClass {
  readonly root = element("div", { class: "per-class" });
  private column: Column | null;
  private isByClass = false;

  constructor(
    private readonly data: MapData,
    private readonly actions: TrendActions,
    /** Colours of a column's values, as CSS. */
    private readonly colorsOf: (column: Column) => readonly string[],
  ) {
    const columns = this.columns();
    this.column = columns.find(({ role }) => role === "class") ?? columns.find(({ role }) => role === "label") ?? columns[0] ?? null;
  }

  private columns(): Column[] {
    return this.data.columns.filter(({ kind, values }) => kind === "category" && values.length > 0);
  }

  draw(width: number, mask: Uint8Array | null): void {
    const { column, data } = this;
    if (!column) {
      const text = "The documents have no classes. Name a column with \u2060-\u2060-\u2060class to compare its values.";
      this.root.replaceChildren(element("p", { class: "empty" }, text));
      return;
    }
    const nClasses = column.values.length;
    const table = new Map<number, Float64Array>();
    const classTotals = new Float64Array(nClasses);
    for (let i = 0; i < data.n; i++) {
      const code = column.codes[i]!;
      if (code < 0 || (mask && mask[i] === 0)) continue;
      let list = table.get(data.topic[i]!);
      if (!list) table.set(data.topic[i]!, (list = new Float64Array(nClasses)));
      list[code]!++;
      classTotals[code]!++;
    }
    const redraw = (): void => this.draw(width, mask);
    const switcher = element("button", { type: "button", class: "link" }, this.isByClass ? "Rows are topics" : "Rows are classes");
    switcher.addEventListener("click", () => {
      this.isByClass = !this.isByClass;
      redraw();
    });
    const what = this.isByClass ? `Topics of each ${column.name}` : `${column.name} of each topic's documents`;
    const bar = element("div", { class: "list-head" }, element("p", { class: "note" }, what), switcher);
    this.root.replaceChildren(bar);
    const pick = picker("Classes", this.columns(), column, (picked) => {
      this.column = picked;
      redraw();
    });
    if (pick) this.root.append(pick);
    const topics = byCount(data).filter((topic) => table.has(topic));
    if (this.isByClass) {
      const rows = [...classTotals.keys()].filter((k) => classTotals[k]! > 0);
      this.root.append(
        growing(rows, (k) =>
          this.row(element("span", { class: "topic-name", dir: "auto" }, column.values[k]!), topics.map((topic) => ({
            part: table.get(topic)![k]!,
            name: topicName(data.topics[topic]!),
            topic,
          }))),
        ),
      );
      return;
    }
    const colors = this.colorsOf(column);
    this.root.append(
      growing(topics, (topic) => {
        const button = element("button", { type: "button", class: "topic-name", dir: "auto" }, element("span", { class: "swatch", "data-topic": topic }), topicName(data.topics[topic]!));
        button.addEventListener("click", () => this.actions.chooseTopic(topic));
        const parts = Array.from(table.get(topic)!, (part, k) => ({ part, name: column.values[k]!, color: colors[k] }));
        return this.row(button, parts);
      }),
    );
  }

  private row(head: HTMLElement, parts: readonly { part: number; name: string; color?: string; topic?: number }[]): HTMLElement {
    const total = parts.reduce((sum, { part }) => sum + part, 0);
    const sorted = [...parts].filter(({ part }) => part > 0).sort((a, b) => b.part - a.part);
    const bar = element("div", { class: "stack", role: "img" });
    for (const { part, name, color, topic } of sorted.slice(0, 40)) {
      const piece = element("span", { class: "piece", "data-topic": topic, title: `${name}: ${number(part)} (${share(part, total)})` });
      piece.style.flexGrow = String(part);
      if (color) piece.style.setProperty("--topic", color);
      bar.append(piece);
    }
    const best = sorted.slice(0, 3).map(({ name, part }) => `${name} ${share(part, total)}`);
    bar.setAttribute("aria-label", best.join(", "));
    return element(
      "div",
      { class: "trend" },
      element("div", { class: "trend-head" }, head, element("span", { class: "trend-value" }, number(total))),
      bar,
      element("p", { class: "note", dir: "auto" }, best.join(" · ")),
    );
  }
}
