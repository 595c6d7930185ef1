// Ties the parts together: one state, one map, and what follows from a change of either.

import { Address } from "./address";
import { css } from "./color";
import { colorChoices } from "./coloring";
import type { MapData } from "./data";
import { byId, count } from "./dom";
import { saveDocuments } from "./export";
import { boxAround, indicesWhere, kept, maskOf, topicsUnder, type Found, type Subset } from "./filters";
import { Groups } from "./groups";
import { Legend } from "./legend";
import type { Group } from "./levels";
import type { TreeNode } from "./linkage";
import { Looks } from "./looks";
import { MapControls } from "./map_controls";
import { drawMapOn, saveMapPicture, saveMapVector } from "./map_pictures";
import { MapView } from "./map_view";
import { announce, fillPage, isNarrow, setTopicColors, showChips } from "./page_head";
import { restoredState } from "./restore";
import { SaveMenu } from "./save_menu";
import { SearchBox } from "./search_box";
import { SidePanel } from "./side_panel";
import { NO_CHOICE, START, writeHash, type Range, type State } from "./state";
import { startTheme, type Theme } from "./theme";
import { Timeline } from "./timeline";
import { TopicWords } from "./topic_parts";

export class App {
  private state: State = { ...START };
  private readonly groups: Groups;
  private readonly looks: Looks;
  private readonly view: MapView;
  private readonly controls: MapControls;
  private readonly side: SidePanel;
  private readonly search: SearchBox;
  private readonly saveMenu: SaveMenu;
  private readonly legend: Legend;
  private readonly timeline: Timeline;
  private readonly address: Address;
  private mask: Uint8Array | null = null;
  private found: Found | null = null;

  constructor(private readonly data: MapData) {
    this.groups = new Groups(data);
    this.looks = new Looks(data, (topic) => this.groups.placeOf(topic));
    this.address = new Address(() => {
      const { centerX: x, centerY: y, zoom } = this.view.camera;
      return writeHash(this.state, { x, y, zoom }, (topic) => data.topics[topic]!.id);
    });
    this.view = new MapView(data, this.groups.named(), {
      chooseGroup: (group) => this.change({ doc: -1, choice: this.groups.choiceOf(group) }),
      settled: () => this.address.write(false),
    });
    this.controls = this.makeControls();
    this.search = this.makeSearch();
    this.saveMenu = new SaveMenu({
      picture: () => saveMapPicture(this.view),
      vector: () => saveMapVector(this.view, data, this.looks.style(this.state.color), this.mask),
      documents: () => saveDocuments(data, this.shownDocuments()),
    });
    this.legend = new Legend(colorChoices(data), {
      colorBy: (color) => this.change({ color, hidden: new Set() }),
      hide: (hidden) => this.change({ hidden }),
    });
    this.timeline = new Timeline(data, (range, isDone) => this.setRange(range, isDone));
    this.side = this.makeSide();
  }

  start(): void {
    fillPage(this.data, this.view.renderer !== null);
    startTheme(byId<HTMLButtonElement>("theme"), (theme) => this.setTheme(theme));
    this.view.start();
    addEventListener("keydown", (event) => this.pageKey(event));
    addEventListener("beforeprint", () => drawMapOn(byId<HTMLCanvasElement>("print-map"), this.view));
    addEventListener("popstate", () => this.restore());
    this.restore();
    this.view.drawNow("still");
    performance.mark("map-drawn");
    void this.data.textsReady.then(() => {
      document.documentElement.dataset.texts = "ready";
      this.refresh();
    });
  }

  // --- Parts --------------------------------------------------------------------------------

  private makeControls(): MapControls {
    return new MapControls(this.view, {
      clickMap: (px, py) => this.clickMap(px, py),
      chooseArea: (outline) =>
        this.change({ doc: -1, tab: "topics", part: 0, choice: { kind: "area", outline: outline.map(Math.round) } }),
      previewArea: (outline) => {
        this.view.overlay.setOutline(outline.length > 0 ? outline : this.outline());
        this.view.redraw();
      },
      clearChoice: () => this.clearChoice(),
      clearFilters: () => this.clearFilters(),
      toggleContours: () => this.change({ hasContours: !this.state.hasContours }),
    });
  }

  private makeSearch(): SearchBox {
    return new SearchBox(this.data, {
      typed: (query) => (this.state.query = query),
      found: (found) => {
        this.found = found;
        if (found && this.state.tab !== "documents") Object.assign(this.state, { tab: "topics", part: 0 });
        this.refresh();
      },
      typing: (isTyping) => this.address.hold(isTyping),
      finished: () => this.address.write(true),
      submit: ({ docs: [first] }) => {
        if (first !== undefined) this.goToDocument(first);
      },
    });
  }

  private makeSide(): SidePanel {
    return new SidePanel(this.data, new TopicWords(this.data), this.groups, this.looks, {
      chooseTopic: (topic) => this.chooseTopicFromPanel(topic),
      chooseDocument: (doc) => this.goToDocument(doc),
      chooseBranch: (node) => this.chooseBranch(node),
      clearChoice: () => this.clearChoice(),
      clearSearch: () => this.clearSearch(),
      zoomToChoice: () => this.zoomToChoice(),
      setWide: (isWide) => byId("app").classList.toggle("is-wide", isWide),
      setTab: (tab, part) => this.change({ tab, part }),
    });
  }

  // --- Looks --------------------------------------------------------------------------------

  private setTheme(theme: Theme): void {
    this.looks.theme = theme;
    this.view.labels.setColors(this.looks.palette.text);
    setTopicColors(this.looks.palette.points.map(css));
    if (document.documentElement.dataset.ready) this.refresh();
    else this.paint();
  }

  /** Colours of the points, the small map and the legend. */
  private paint(): void {
    const { looks, state } = this;
    this.view.setStyle(looks.style(state.color));
    this.legend.show(looks.coloring(state.color), looks.theme, state.hidden);
  }

  // --- Choice, filters and search -----------------------------------------------------------

  /** A change by a person: the page follows, and "back" undoes it. */
  private change(part: Partial<State>): void {
    Object.assign(this.state, part);
    this.refresh();
    this.address.write(true);
  }

  private clickMap(px: number, py: number): void {
    const doc = this.view.documentAt(px, py);
    if (doc < 0) {
      this.clearChoice();
      return;
    }
    const tab = this.state.tab === "documents" ? "documents" : "topics";
    this.change({ doc, choice: { kind: "topic", topic: this.data.topic[doc]! }, tab, part: 0 });
    // Beside the map the panel shows it now; below the map it may be out of sight.
    this.view.showTooltip(isNarrow() ? doc : -1);
  }

  private chooseTopicFromPanel(topic: number): void {
    if (this.state.query && this.state.tab === "topics") this.resetQuery();
    this.change({ doc: -1, choice: { kind: "topic", topic } });
    const group = this.groups.ofTopic(topic);
    if (group) this.view.flyIntoView(group);
  }

  private chooseBranch(node: TreeNode): void {
    const { choice } = this.state;
    const isSame = choice.kind === "branch" && choice.node === node.id;
    this.change({ doc: -1, choice: isSame ? NO_CHOICE : { kind: "branch", node: node.id } });
    if (!isSame) this.zoomToChoice();
  }

  private goToDocument(doc: number): void {
    const { state } = this;
    let { choice } = state;
    if (choice.kind !== "none" && this.mask?.[doc] === 0) choice = NO_CHOICE;
    if (!state.query && choice.kind === "none" && state.tab === "topics") {
      choice = { kind: "topic", topic: this.data.topic[doc]! };
    }
    this.change({ doc, choice });
    this.view.flyTo(doc);
    if (state.query || isNarrow()) this.view.showTooltip(doc);
    if (isNarrow()) this.view.host.scrollIntoView({ block: "center" });
  }

  private clearChoice(): void {
    if (this.state.choice.kind === "none" && this.state.doc < 0) return;
    this.change({ doc: -1, choice: NO_CHOICE });
  }

  private clearFilters(): void {
    this.change({ hidden: new Set(), range: null });
  }

  private setRange(range: Range | null, isDone: boolean): void {
    this.state.range = range;
    this.address.hold(!isDone);
    this.refresh();
    if (isDone) this.address.write(true);
  }

  private clearSearch(): void {
    this.resetQuery();
    this.change({});
  }

  private resetQuery(): void {
    this.state.query = "";
    this.found = null;
    this.search.set("");
  }

  private zoomToChoice(): void {
    const box = this.chosenGroup()?.box ?? boxAround(this.subset()?.docs ?? [], this.data.x, this.data.y);
    if (box) this.view.camera.flyToBox(box);
  }

  private pageKey(event: KeyboardEvent): void {
    const { state } = this;
    if (event.key === "Escape") {
      if (this.saveMenu.isOpen) this.saveMenu.close();
      else if (this.controls.isSelecting) this.controls.putToolAway();
      else if (state.choice.kind !== "none" || state.doc >= 0) this.clearChoice();
      else if (state.query) this.clearSearch();
      else if (state.hidden.size > 0 || state.range) this.clearFilters();
      this.view.leave();
    } else if (event.key === "/" && !(event.target instanceof HTMLInputElement)) {
      event.preventDefault();
      this.search.focus();
    }
  }

  private chosenGroup(): Group | null {
    return this.groups.chosen(this.state.choice);
  }

  private outline(): readonly number[] {
    return this.state.choice.kind === "area" ? this.state.choice.outline : [];
  }

  private subset(): Subset | null {
    return this.groups.subset(this.state.choice);
  }

  private maskWith(subset: Subset | null, range: Range | null): Uint8Array | null {
    const { found, state } = this;
    return maskOf(this.data, { subset, found, range, hidden: state.hidden, codes: this.looks.coloring(state.color).codes });
  }

  private shownDocuments(): Uint32Array {
    const { mask } = this;
    return indicesWhere(this.data.n, (i) => !mask || mask[i] === 1);
  }

  /** Brings points, names, panel and chips in line with the state. */
  private refresh(): void {
    const { state, view } = this;
    const whole = this.subset();
    const mask = (this.mask = this.maskWith(whole, state.range));
    const found = this.found && { ...this.found, docs: kept(this.found.docs, mask) };
    const subset = whole && { ...whole, docs: kept(whole.docs, mask) };
    this.paint();
    view.setShown(mask, state.hasContours, this.outline(), state.doc);
    byId("contours").setAttribute("aria-pressed", String(state.hasContours));
    view.labels.setChosen(this.chosenGroup());
    const isNamed = state.choice.kind === "topic" || state.choice.kind === "cluster";
    view.labels.setRelevant(mask && !isNamed ? topicsUnder(mask, this.data.topic) : null);
    this.timeline.show(this.timeline.columnFor(state.color), state.range, state.range ? this.maskWith(whole, null) : mask);
    if (found) {
      this.search.showHits(count(found.docs.length, "hit"));
      announce(`${count(found.docs.length, "hit")} for ${state.query}`);
    } else if (subset) {
      announce(`${subset.name}: ${count(subset.docs.length, "document")}`);
    }
    const branch = state.choice.kind === "branch" ? state.choice.node : -1;
    this.side.show(state.tab, state.part, { subset, found, doc: state.doc, mask, topics: this.groups.topicsOf(state.choice), branch });
    showChips(subset?.name ?? null, this.filterNames());
  }

  private filterNames(): string[] {
    const { hidden, range } = this.state;
    const parts: string[] = [];
    if (hidden.size > 0) parts.push(`${count(hidden.size, "colour")} off`);
    if (range) parts.push(`part of ${this.data.columns[range.column]!.name}`);
    return parts;
  }

  // --- Address ------------------------------------------------------------------------------

  private restore(): void {
    const saved = this.address.read();
    this.state = restoredState(saved, this.data, {
      hasBranch: (node) => this.groups.hierarchy().nodes[node] !== undefined,
      partsOf: (tab) => SidePanel.partsOf(tab),
      colorKey: (name) => this.looks.coloring(name).key,
    });
    if (saved.view) this.view.camera.set(saved.view.x, saved.view.y, saved.view.zoom);
    else this.view.camera.resetNow();
    this.found = null;
    this.search.set(saved.query);
    this.refresh();
  }
}
