// All documents that the choice, the filters and the search leave, in the order asked for.

import type { MapData } from "./data";
import { documentCard } from "./document_card";
import { documentDetail } from "./document_detail";
import { count, element, number } from "./dom";
import { saveDocuments } from "./export";
import type { PanelActions } from "./panel";
import type { TopicWords } from "./topic_parts";

const PAGE = 40;

/** A list of documents that grows by pages. */
export function documentList(
  data: MapData,
  docs: ArrayLike<number>,
  terms: readonly string[],
  showTopic: boolean,
  onChoose: (doc: number) => void,
): HTMLElement {
  const list = element("ul", { class: "documents" });
  const more = element("button", { type: "button", class: "more" });
  let shown = 0;
  const append = (): void => {
    const end = Math.min(docs.length, shown + PAGE);
    for (; shown < end; shown++) {
      const doc = docs[shown]!;
      const open = element("button", { type: "button", class: "document" });
      open.append(documentCard(data, doc, { terms, showTopic, snippet: 220 }));
      open.addEventListener("click", () => onChoose(doc));
      list.append(element("li", {}, open));
    }
    more.textContent = `Show more (${number(docs.length - shown)} left)`;
    more.hidden = shown >= docs.length;
  };
  more.addEventListener("click", append);
  append();
  return element("div", {}, list, more);
}

export class DocumentsView {
  readonly root = element("div", { class: "documents-view" });
  private readonly select = element("select", { "aria-label": "Order of the documents" });
  private mask: Uint8Array | null = null;
  private doc = -1;
  private terms: readonly string[] = [];
  private order: string;

  constructor(
    private readonly data: MapData,
    private readonly words: TopicWords,
    private readonly actions: PanelActions,
  ) {
    this.order = data.hasPercent ? "probability" : "row";
    const orders: [string, string][] = [["row", "as given"]];
    if (data.hasPercent) orders.unshift(["probability", "most typical first"]);
    data.columns.forEach(({ name, kind }, k) => {
      if (kind !== "time" && kind !== "number") return;
      const [high, low] = kind === "time" ? ["latest", "earliest"] : ["highest", "lowest"];
      orders.push([`-${k}`, `${high} ${name} first`], [`+${k}`, `${low} ${name} first`]);
    });
    for (const [key, title] of orders) this.select.append(element("option", { value: key }, title));
    this.select.addEventListener("change", () => {
      this.order = this.select.value;
      this.draw();
    });
    void data.textsReady.then(() => this.draw());
  }

  show(mask: Uint8Array | null, doc: number, terms: readonly string[]): void {
    this.mask = mask;
    this.doc = doc;
    this.terms = terms;
    this.draw();
  }

  private sorted(): number[] {
    const { data, mask, order } = this;
    const docs: number[] = [];
    for (let i = 0; i < data.n; i++) if (!mask || mask[i] === 1) docs.push(i);
    if (order === "row") return docs;
    if (order === "probability") return docs.sort((a, b) => data.percent(b) - data.percent(a) || a - b);
    const { numbers } = data.columns[Number(order.slice(1))]!;
    const sign = order[0] === "-" ? -1 : 1;
    const value = (i: number): number => (Number.isNaN(numbers[i]!) ? Infinity : sign * numbers[i]!);
    return docs.sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : a - b));
  }

  private draw(): void {
    const { data, actions } = this;
    const docs = this.sorted();
    const save = element("button", { type: "button", class: "link" }, "Save CSV");
    save.addEventListener("click", () => saveDocuments(data, docs));
    const head = element("div", { class: "list-head" }, element("h2", {}, count(docs.length, "document")), this.select, save);
    this.root.replaceChildren(head);
    if (data.nTexts < data.n) {
      const text = `This page carries the texts of ${number(data.nTexts)} documents, an even sample.`;
      this.root.append(element("p", { class: "note" }, text));
    }
    if (this.doc >= 0) {
      const detail = documentDetail(data, this.words, this.doc, (topic) => actions.chooseTopic(topic));
      this.root.append(element("h3", {}, "Selected document"), element("div", { class: "focus-card" }, detail));
    }
    if (docs.length === 0) this.root.append(element("p", { class: "empty" }, "Nothing is left by the filters."));
    this.root.append(documentList(data, docs, this.terms, true, (doc) => actions.chooseDocument(doc)));
  }
}
