// The topic table: sortable, one row a topic, a click isolates it.

import { OUTLIERS, topicName, type MapData, type Topic } from "./data";
import { element, number, share } from "./dom";
import { parseQuery, topicMatches } from "./search";
import type { SortKey } from "./state";

interface Row {
  readonly topic: number;
  readonly row: HTMLTableRowElement;
}

const COLUMNS: readonly { key: SortKey; title: string; className: string }[] = [
  { key: "id", title: "#", className: "col-id" },
  { key: "name", title: "Topic", className: "col-name" },
  { key: "count", title: "Documents", className: "col-count" },
];

export function wordBars(words: Topic["words"], className: string): HTMLElement {
  const most = Math.max(...words.map(([, weight]) => weight), 1e-12);
  const list = element("ul", { class: className });
  for (const [word, weight] of words) {
    const bar = element("span", { class: "bar" });
    bar.style.setProperty("--part", (Math.max(0, weight) / most).toFixed(4));
    const item = element("li", {}, element("span", { class: "word", dir: "auto" }, word), bar);
    item.title = `${word}: ${weight.toPrecision(3)}`;
    list.append(item);
  }
  return list;
}

export class TopicTable {
  readonly root: HTMLElement;
  private readonly body = element("tbody");
  private readonly none = element("p", { class: "empty" }, "No topic has all of these words.");
  private readonly rows: Row[];
  private readonly heads = new Map<SortKey, HTMLTableCellElement>();
  private readonly largest: number;
  private sortKey: SortKey = "id";
  private isDescending = false;

  constructor(
    private readonly data: MapData,
    onChoose: (topic: number) => void,
  ) {
    this.largest = data.topics.reduce((most, { count }) => Math.max(most, count), 1);
    const head = element("tr");
    for (const { key, title, className } of COLUMNS) {
      const button = element("button", { type: "button", class: "sort" }, title);
      button.addEventListener("click", () => this.sortBy(key));
      const cell = element("th", { scope: "col", class: className }, button);
      this.heads.set(key, cell);
      head.append(cell);
    }
    head.append(element("th", { scope: "col", class: "col-words" }, "Words and their weights"));
    this.rows = data.topics.map((topic, i) => ({ topic: i, row: this.makeRow(topic, i, onChoose) }));
    const table = element(
      "table",
      { class: "topics" },
      element("caption", { class: "visually-hidden" }, "Topics"),
      element("thead", {}, head),
      this.body,
    );
    const filter = element("input", { type: "search", class: "topic-filter", placeholder: "Filter topics by name or word", "aria-label": "Filter topics by name or word", dir: "auto" });
    filter.addEventListener("input", () => this.filter(filter.value));
    this.root = element("div", {}, data.topics.length > 8 ? filter : null, table, this.none);
    this.none.hidden = true;
    this.order();
  }

  private filter(query: string): void {
    const terms = parseQuery(query);
    let n = 0;
    for (const { topic, row } of this.rows) {
      row.hidden = !topicMatches(this.data.topics[topic]!, terms);
      if (!row.hidden) n++;
    }
    this.none.hidden = n > 0;
  }

  setChosen(topic: number): void {
    for (const { topic: i, row } of this.rows) {
      row.classList.toggle("is-chosen", i === topic);
    }
  }

  private makeRow(topic: Topic, i: number, onChoose: (topic: number) => void): HTMLTableRowElement {
    const total = Math.max(1, this.data.nDocuments);
    const button = element("button", { type: "button", class: "topic-name", dir: "auto" }, topicName(topic));
    const words = topic.words.map(([word]) => word).join(" · ");
    const bar = element("span", { class: "bar" });
    bar.style.setProperty("--part", (topic.count / this.largest).toFixed(4));
    const row = element(
      "tr",
      { "data-topic": i },
      element(
        "td",
        { class: "col-id" },
        element("span", { class: "swatch", "data-topic": i }),
        topic.id === OUTLIERS ? "–1" : String(topic.id),
      ),
      element(
        "td",
        { class: "col-name" },
        button,
        words ? element("div", { class: "topic-words", dir: "auto" }, words) : null,
      ),
      element(
        "td",
        { class: "col-count" },
        element("span", { class: "count" }, number(topic.count)),
        element("span", { class: "share" }, share(topic.count, total)),
        bar,
      ),
      element("td", { class: "col-words" }, wordBars(topic.words, "words-inline")),
    );
    row.addEventListener("click", () => onChoose(i));
    return row;
  }

  private sortBy(key: SortKey): void {
    this.isDescending = key === this.sortKey ? !this.isDescending : key === "count";
    this.sortKey = key;
    this.order();
  }

  private order(): void {
    const topics = this.data.topics;
    const value = (a: number, b: number): number => {
      const s = topics[a]!;
      const t = topics[b]!;
      if (this.sortKey === "name") return topicName(s).localeCompare(topicName(t));
      return this.sortKey === "count" ? s.count - t.count : s.id - t.id;
    };
    const sign = this.isDescending ? -1 : 1;
    const sorted = [...this.rows].sort(
      (a, b) => sign * value(a.topic, b.topic) || topics[a.topic]!.id - topics[b.topic]!.id,
    );
    this.body.replaceChildren(...sorted.map(({ row }) => row));
    for (const [key, cell] of this.heads) {
      const direction = this.isDescending ? "descending" : "ascending";
      cell.setAttribute("aria-sort", key === this.sortKey ? direction : "none");
    }
  }
}
