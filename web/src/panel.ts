// The tab of topics: all of them, or the chosen topic, region or selection, or what a search found.

import { topicName, OUTLIERS, type MapData } from "./data";
import { documentDetail } from "./document_detail";
import { documentList } from "./documents_view";
import { byId, count, element, number, share } from "./dom";
import { saveDocuments, saveTopics } from "./export";
import type { Found, Subset } from "./filters";
import { TopicTable, wordBars } from "./table";
import type { TopicWords } from "./topic_parts";
import { WordSummary } from "./words";

export interface PanelActions {
  chooseTopic(topic: number): void;
  chooseDocument(doc: number): void;
  clearChoice(): void;
  clearSearch(): void;
  zoomToChoice(): void;
  setWide(isWide: boolean): void;
}

function button(label: string, className: string, onClick: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", class: className }, label);
  made.addEventListener("click", onClick);
  return made;
}

export class Panel {
  private readonly host = byId("panel");
  private readonly table: TopicTable;
  private readonly overview: HTMLElement;
  private readonly wideSwitch = element("button", { type: "button", class: "link wide-switch" });
  private readonly summary: WordSummary;
  private isWide = false;

  constructor(
    private readonly data: MapData,
    private readonly topicWords: TopicWords,
    private readonly actions: PanelActions,
  ) {
    this.table = new TopicTable(data, (topic) => {
      this.setWide(false);
      actions.chooseTopic(topic);
    });
    this.summary = new WordSummary(data);
    this.overview = this.makeOverview();
  }

  showOverview(): void {
    this.table.setChosen(-1);
    this.show(this.overview);
  }

  showSubset(subset: Subset, doc: number): void {
    const { choice } = subset;
    const view = element("div", { class: "view" });
    view.append(this.subsetHead(subset));
    if (doc >= 0) {
      view.append(
        element("h3", {}, "Selected document"),
        element("div", { class: "focus-card" }, documentDetail(this.data, this.topicWords, doc, (topic) => this.actions.chooseTopic(topic))),
      );
    }
    if (choice.kind === "topic") {
      const topic = this.data.topics[choice.topic]!;
      if (topic.words.length > 0) {
        const words = wordBars(topic.words, "words-list");
        words.dataset.topic = String(choice.topic);
        view.append(element("h3", {}, "Words"), words);
      }
      if (topic.representatives.length > 0) {
        view.append(element("h3", {}, "Representative documents"));
        view.append(this.documentList(Uint32Array.from(topic.representatives), [], false));
      }
    } else {
      if (choice.kind === "area") view.append(element("h3", {}, "Words that set it apart"), this.tellingWords(subset.docs));
      const where = choice.kind === "area" ? "selection" : choice.kind === "branch" ? "branch" : "region";
      view.append(element("h3", {}, `Topics in this ${where}`), this.topicShares(subset.docs));
    }
    const heading = this.data.hasPercent ? "All documents, most typical first" : "All documents";
    view.append(element("h3", {}, heading));
    view.append(this.documentList(this.byProbability(subset.docs), [], choice.kind !== "topic"));
    this.show(view);
  }

  showFound(found: Found, within: string): void {
    this.setWide(false);
    const view = element("div", { class: "view" });
    const head = element("div", { class: "view-head" });
    head.append(button("Clear search", "back", () => this.actions.clearSearch()));
    head.append(element("h2", {}, count(found.docs.length, "document")));
    if (within) {
      const chip = button(within, "chip is-removable", () => this.actions.clearChoice());
      chip.setAttribute("aria-label", `Search everywhere, not only in ${within}`);
      head.append(element("p", { class: "note" }, "in ", chip));
    }
    view.append(head);
    if (this.data.nTexts < this.data.n) {
      const sample = `Searched in the ${number(this.data.nTexts)} documents whose texts this page carries, an even sample.`;
      view.append(element("p", { class: "note" }, sample));
    }
    if (found.topics.length > 0) {
      view.append(element("h3", {}, count(found.topics.length, "matching topic")));
      const list = element("div", { class: "chips" });
      for (const i of found.topics.slice(0, 12)) {
        const chip = button("", "chip", () => this.actions.chooseTopic(i));
        chip.append(
          element("span", { class: "swatch", "data-topic": i }),
          element("span", { dir: "auto" }, topicName(this.data.topics[i]!)),
        );
        list.append(chip);
      }
      view.append(list);
    }
    if (found.docs.length > 0) {
      const bar = element("div", { class: "list-head" }, element("h3", {}, "Documents"));
      bar.append(button("Save CSV", "link", () => saveDocuments(this.data, found.docs)));
      view.append(bar, this.documentList(found.docs, found.terms, true));
    } else {
      view.append(element("p", { class: "empty" }, "No document contains all of these words."));
    }
    this.show(view);
  }

  private show(view: HTMLElement): void {
    if (this.host.firstElementChild === view) return;
    this.host.replaceChildren(view);
    this.host.scrollTop = 0;
  }

  private setWide(isWide: boolean): void {
    this.isWide = isWide;
    this.wideSwitch.textContent = isWide ? "Back to the map" : "Full table";
    this.actions.setWide(isWide);
  }

  private makeOverview(): HTMLElement {
    const { data } = this;
    const nTopics = data.topics.filter((topic) => topic.id !== OUTLIERS).length;
    const view = element("div", { class: "view overview" });
    this.wideSwitch.addEventListener("click", () => this.setWide(!this.isWide));
    this.setWide(false);
    const bar = element("div", { class: "list-head" });
    bar.append(element("h2", {}, count(nTopics, "topic")), this.wideSwitch);
    bar.append(button("Save CSV", "link", () => saveTopics(data)));
    view.append(bar);
    if (data.topics.length > 0) view.append(this.table.root);
    else view.append(element("p", { class: "empty" }, "There are no topics to show."));
    return view;
  }

  private subsetHead(subset: Subset): HTMLElement {
    const { choice, docs } = subset;
    const head = element("div", { class: "view-head" });
    head.append(button("All topics", "back", () => this.actions.clearChoice()));
    const title = element("h2", { dir: "auto" });
    if (choice.kind === "topic") {
      title.append(element("span", { class: "swatch", "data-topic": choice.topic }));
    }
    title.append(subset.name);
    head.append(title);
    const topic = choice.kind === "topic" ? this.data.topics[choice.topic]! : null;
    const total = topic ? topic.count : docs.length;
    const parts = [count(total, "document"), share(total, this.data.nDocuments)];
    if (topic) parts.unshift(`Topic ${topic.id}`);
    const unplaced = total - docs.length;
    if (unplaced > 0) parts.push(`${number(unplaced)} not on the map`);
    head.append(element("p", { class: "note" }, parts.join(" · ")));
    if (docs.length > 0) {
      const row = element("div", { class: "actions" });
      row.append(button("Zoom to it", "button", () => this.actions.zoomToChoice()));
      row.append(button("Save CSV", "button", () => saveDocuments(this.data, docs)));
      head.append(row);
    }
    return head;
  }

  private topicShares(docs: Uint32Array): HTMLElement {
    const counts = new Map<number, number>();
    for (const i of docs) counts.set(this.data.topic[i]!, (counts.get(this.data.topic[i]!) ?? 0) + 1);
    const sorted = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 12);
    const list = element("ul", { class: "words-list shares" });
    for (const [i, n] of sorted) {
      const name = button("", "topic-name", () => this.actions.chooseTopic(i));
      name.dir = "auto";
      name.append(element("span", { class: "swatch", "data-topic": i }), topicName(this.data.topics[i]!));
      const bar = element("span", { class: "bar" });
      bar.style.setProperty("--part", (n / sorted[0]![1]).toFixed(4));
      list.append(element("li", { "data-topic": i }, name, bar, element("span", { class: "share" }, number(n))));
    }
    return list;
  }

  private byProbability(docs: Uint32Array): Uint32Array {
    const { data } = this;
    if (!data.hasPercent) return docs;
    return docs.slice().sort((a, b) => data.percent(b) - data.percent(a) || a - b);
  }

  private documentList(docs: ArrayLike<number>, terms: readonly string[], showTopic: boolean): HTMLElement {
    return documentList(this.data, docs, terms, showTopic, (doc) => this.actions.chooseDocument(doc));
  }

  private tellingWords(docs: Uint32Array): HTMLElement {
    const host = element("div", { class: "telling-words" }, element("p", { class: "note" }, "Reading the texts …"));
    void this.summary.of(docs).then((words) => {
      const none = element("p", { class: "empty" }, "No word occurs more often here than elsewhere.");
      host.replaceChildren(words.length > 0 ? wordBars(words, "words-list") : none);
    });
    return host;
  }
}
