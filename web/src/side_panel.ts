// The panel beside the map: topics, documents, structure, trends and quality, one at a time. What is
// behind a tab is made when it is first opened.

import type { MapData } from "./data";
import { Dendrogram } from "./dendrogram";
import { Distances } from "./distances";
import { DocumentsView } from "./documents_view";
import { byId, element } from "./dom";
import type { Found, Subset } from "./filters";
import type { Groups } from "./groups";
import { Heatmap } from "./heatmap";
import type { TreeNode } from "./linkage";
import type { Looks } from "./looks";
import { Panel, type PanelActions } from "./panel";
import { Quality } from "./quality";
import type { TopicWords } from "./topic_parts";
import { OverTime, PerClass } from "./trends";

export interface SideActions extends PanelActions {
  chooseBranch(node: TreeNode): void;
  setTab(tab: string, part: number): void;
}

export interface Shown {
  readonly subset: Subset | null;
  readonly found: Found | null;
  readonly doc: number;
  readonly mask: Uint8Array | null;
  /** Topics of the choice, for marks in the pictures. */
  readonly topics: ReadonlySet<number>;
  readonly branch: number;
}

/** Parts of a tab that are one click apart. */
interface Part {
  readonly name: string;
  readonly root: HTMLElement;
  update(shown: Shown, width: number): void;
}

class Tab {
  readonly root = element("div", { class: "view" });
  private readonly buttons: HTMLButtonElement[];
  private readonly body = element("div", { class: "part" });

  constructor(
    private readonly parts: readonly Part[],
    onSwitch: (part: number) => void,
  ) {
    const bar = element("div", { class: "segments", role: "group" });
    this.buttons = parts.map((part, k) => {
      const button = element("button", { type: "button", class: "segment" }, part.name);
      button.addEventListener("click", () => onSwitch(k));
      bar.append(button);
      return button;
    });
    bar.hidden = parts.length < 2;
    this.root.append(bar, this.body);
  }

  update(at: number, shown: Shown): void {
    this.buttons.forEach((button, k) => button.setAttribute("aria-pressed", String(k === at)));
    const part = this.parts[at]!;
    if (this.body.firstElementChild !== part.root) this.body.replaceChildren(part.root);
    part.update(shown, Math.max(200, this.body.clientWidth));
  }
}

/** Key, name, and how many pictures are a click apart. */
const TABS: readonly (readonly [string, string, number])[] = [
  ["topics", "Topics", 1],
  ["documents", "Documents", 1],
  ["structure", "Structure", 3],
  ["trends", "Trends", 2],
  ["quality", "Quality", 1],
];

export class SidePanel {
  private readonly bar = byId("tabs");
  private readonly host = byId("panel");
  private readonly topics: Panel;
  private readonly tabs = new Map<string, Tab>();
  private readonly buttons = new Map<string, HTMLButtonElement>();
  private tab = "";
  private part = 0;
  private shown: Shown | null = null;

  constructor(
    private readonly data: MapData,
    private readonly words: TopicWords,
    private readonly groups: Groups,
    private readonly looks: Looks,
    private readonly actions: SideActions,
  ) {
    this.topics = new Panel(data, words, actions);
    for (const [key, name] of TABS) {
      const button = element("button", { type: "button", role: "tab", id: `tab-${key}`, class: "tab", "aria-controls": "panel" }, name);
      button.addEventListener("click", () => actions.setTab(key, 0));
      button.addEventListener("keydown", (event) => this.key(event, key));
      this.buttons.set(key, button);
      this.bar.append(button);
    }
    new ResizeObserver(() => {
      if (this.tab !== "topics" && this.tab !== "documents" && this.shown) this.tabs.get(this.tab)?.update(this.part, this.shown);
    }).observe(this.host);
  }

  /** How many pictures the tab has; 0: there is no such tab. */
  static partsOf(tab: string): number {
    return TABS.find(([key]) => key === tab)?.[2] ?? 0;
  }

  private key(event: KeyboardEvent, key: string): void {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const keys = TABS.map(([name]) => name);
    const next = keys[(keys.indexOf(key) + by + keys.length) % keys.length]!;
    this.actions.setTab(next, 0);
    this.buttons.get(next)!.focus();
  }

  show(tab: string, part: number, shown: Shown): void {
    const isNew = tab !== this.tab;
    this.tab = tab;
    this.part = part;
    this.shown = shown;
    for (const [key, button] of this.buttons) {
      button.setAttribute("aria-selected", String(key === tab));
      button.tabIndex = key === tab ? 0 : -1;
    }
    if (tab === "topics") {
      if (shown.found) this.topics.showFound(shown.found, shown.subset?.name ?? "");
      else if (shown.subset) this.topics.showSubset(shown.subset, shown.doc);
      else this.topics.showOverview();
      return;
    }
    let view = this.tabs.get(tab);
    if (!view) this.tabs.set(tab, (view = new Tab(this.makeParts(tab), (k) => this.actions.setTab(tab, k))));
    if (this.host.firstElementChild !== view.root) this.host.replaceChildren(view.root);
    view.update(part, shown);
    if (isNew) this.host.scrollTop = 0;
  }

  private makeParts(tab: string): Part[] {
    const { data, groups, actions } = this;
    if (tab === "documents") {
      const view = new DocumentsView(data, this.words, actions);
      return [{ name: "Documents", root: view.root, update: (shown) => view.show(shown.mask, shown.doc, shown.found?.terms ?? []) }];
    }
    if (tab === "structure") {
      const choose = (topic: number): void => actions.chooseTopic(topic);
      const tree = new Dendrogram(groups.hierarchy(), (node) => actions.chooseBranch(node));
      const heat = new Heatmap(data, groups.similarities(), groups.hierarchy(), choose);
      const distances = new Distances(data, groups.similarities(), (topic) => groups.placeOf(topic), choose);
      return [
        { name: "Hierarchy", root: tree.root, update: (shown, width) => (tree.mark(shown.branch), tree.draw(width)) },
        { name: "Similarity", root: heat.root, update: (shown, width) => (heat.mark(shown.topics), heat.draw(width)) },
        { name: "Distances", root: distances.root, update: (shown, width) => (distances.mark(shown.topics), distances.draw(width)) },
      ];
    }
    if (tab === "trends") {
      const time = new OverTime(data, actions);
      const classes = new PerClass(data, actions, (column) => this.looks.colorsOf(column));
      return [
        { name: "Over time", root: time.root, update: (shown, width) => time.draw(width, shown.mask) },
        { name: "By class", root: classes.root, update: (shown, width) => classes.draw(width, shown.mask) },
      ];
    }
    const quality = new Quality(data, groups.similarities(), (topic) => actions.chooseTopic(topic));
    return [{ name: "Quality", root: quality.root, update: () => undefined }];
  }
}
