// Ties the parts together: one state, one camera, and what follows from a change of either.

import { Camera, type Box } from "./camera";
import { css, type Rgb } from "./color";
import { colorChoices, Colorings, type Coloring } from "./coloring";
import { OUTLIERS, topicName, type Column, type MapData } from "./data";
import { byId, count, element, number } from "./dom";
import { drawPicture, saveDocuments, savePicture, saveVector, vectorPicture } from "./export";
import { PointGrid } from "./grid";
import { homeBox, worldBox } from "./home";
import { LabelLayer } from "./labels";
import { Legend } from "./legend";
import { makeLevels, membersByGroup, type Group, type Level } from "./levels";
import { makeHierarchy, similaritiesOf, type Hierarchy, type Similarities, type TreeNode } from "./linkage";
import { Minimap } from "./minimap";
import { Overlay } from "./overlay";
import { makePalettes, type Palette } from "./palette";
import type { Found, Subset } from "./panel";
import { onMapKey, startGestures } from "./pointer";
import { makePointRenderer, pointOpacity, pointRadius, type PointRenderer } from "./points";
import { parseQuery, SearchIndex, topicMatches } from "./search";
import { documentsInside, startSelecting, type Tool } from "./selection";
import { SidePanel } from "./side_panel";
import { readHash, START, writeHash, type Choice, type Range, type State } from "./state";
import { startTheme, type Theme } from "./theme";
import { Timeline } from "./timeline";
import { Tooltip } from "./tooltip";
import { TopicWords } from "./topic_parts";

const NOTHING: Choice = { kind: "none" };
const SETTLE_MS = 130; // After the last movement: everything is drawn in full.
const PLACE_MS = 110; // Between two placements of the names while the map moves.
const DIM: Record<Theme, Rgb> = { light: [0.82, 0.82, 0.81], dark: [0.27, 0.28, 0.31] };
const BACKGROUND: Record<Theme, Rgb> = { light: [250 / 255, 250 / 255, 247 / 255], dark: [19 / 255, 21 / 255, 24 / 255] };

export class App {
  private readonly host = byId("map");
  private readonly canvas = byId<HTMLCanvasElement>("points");
  private readonly input = byId<HTMLInputElement>("search");
  private readonly state: State = { ...START };
  private readonly camera: Camera;
  private readonly levels: Level[];
  private readonly topicLevel: Level;
  private readonly membersOfTopic: Uint32Array[];
  private readonly palettes: { light: Palette; dark: Palette };
  private readonly colorings: Colorings;
  private readonly renderer: PointRenderer | null;
  private readonly labels: LabelLayer;
  private readonly grid: PointGrid;
  private readonly tooltip: Tooltip;
  private readonly side: SidePanel;
  private readonly search: SearchIndex;
  private readonly legend: Legend;
  private readonly overlay: Overlay;
  private readonly minimap: Minimap;
  private readonly timeline: Timeline;
  private similarities: Similarities | null = null;
  private tree: Hierarchy | null = null;
  private theme: Theme = "light";
  private tool: Tool = "move";
  private mask: Uint8Array | null = null;
  private found: Found | null = null;
  private searchTurn = 0;
  private settleTimer = 0;
  private queryTimer = 0;
  private placedAt = 0;
  private frame = 0;
  private hasMoved = false;
  private isRestored = false;
  private isAdjusting = false; // A range or query that is not finished is no step of its own.

  constructor(private readonly data: MapData) {
    this.levels = makeLevels(data);
    this.topicLevel = this.levels.find((level) => level.layer === -1)!;
    this.membersOfTopic = membersByGroup(data.topic, data.topics.length);
    const places = data.topics.map((_, i) => this.placeOf(i));
    this.palettes = makePalettes(data.topics, places);
    this.colorings = new Colorings(data, { light: this.palettes.light.points, dark: this.palettes.dark.points });
    const world = worldBox(data);
    const home = homeBox(data, world);
    this.camera = new Camera(world, home, () => this.moved());
    const wanted = new URLSearchParams(location.hash.slice(1)).get("draw");
    this.renderer = makePointRenderer(this.canvas, data, wanted, () => this.redraw());
    document.documentElement.dataset.renderer = this.renderer?.kind ?? "none";
    this.grid = new PointGrid(data.x, data.y);
    this.tooltip = new Tooltip(data, this.grid);
    const named = this.levels.map((level) => ({
      ...level,
      groups: level.groups.filter((g) => level.layer !== -1 || data.topics[g.id]!.id !== OUTLIERS),
    }));
    this.labels = new LabelLayer(byId("labels"), named, (group) => this.chooseGroup(group));
    this.search = new SearchIndex(data);
    this.overlay = new Overlay(data, world);
    this.minimap = new Minimap(data, home, this.camera);
    this.legend = new Legend(colorChoices(data), {
      colorBy: (key) => this.colorBy(key),
      hide: (hidden) => this.change(() => (this.state.hidden = hidden)),
    });
    this.timeline = new Timeline(data, (range, isDone) => this.setRange(range, isDone));
    this.side = this.makeSide();
  }

  private makeSide(): SidePanel {
    const structure = {
      similarities: () => (this.similarities ??= similaritiesOf(this.data)),
      hierarchy: () => this.hierarchy(),
      placeOf: (topic: number) => this.placeOf(topic),
      colorsOf: (column: Column) => this.colorings.get(column.name).colors[this.theme].map(css),
    };
    return new SidePanel(this.data, new TopicWords(this.data), structure, {
      chooseTopic: (topic) => this.chooseTopicFromPanel(topic),
      chooseDocument: (doc) => this.goToDocument(doc),
      chooseBranch: (node) => this.chooseBranch(node),
      clearChoice: () => this.clearChoice(),
      clearSearch: () => this.clearSearch(),
      zoomToChoice: () => this.zoomToChoice(),
      setWide: (isWide) => byId("app").classList.toggle("is-wide", isWide),
      setTab: (tab) => this.change(() => (this.state.tab = tab)),
    });
  }

  private placeOf(topic: number): { x: number; y: number } {
    return this.topicLevel.byId.get(topic) ?? { x: 32767, y: 32767 };
  }

  private hierarchy(): Hierarchy {
    this.similarities ??= similaritiesOf(this.data);
    return (this.tree ??= makeHierarchy(this.data, this.similarities));
  }

  start(): void {
    this.fillPage();
    startTheme(byId<HTMLButtonElement>("theme"), (theme) => this.setTheme(theme));
    new ResizeObserver(() => this.resize()).observe(this.host);
    this.resize();
    this.listen();
    this.restore();
    this.drawNow(false);
    performance.mark("map-drawn");
    addEventListener("popstate", () => this.restore());
    void this.data.textsReady.then(() => {
      document.documentElement.dataset.texts = "ready";
      this.refresh();
    });
  }

  // --- Page ---------------------------------------------------------------------------------

  private fillPage(): void {
    const { data } = this;
    byId("title").textContent = data.title || document.title;
    const nTopics = data.topics.filter((topic) => topic.id !== OUTLIERS).length;
    const parts = [count(data.nDocuments, "document"), count(nTopics, "topic")];
    const unplaced = data.nDocuments - data.n;
    if (unplaced > 0) parts.push(`${number(unplaced)} not on the map`);
    byId("summary").textContent = parts.join(" · ");
    const list = element("dl");
    for (const [name, value] of data.facts) {
      list.append(element("div", {}, element("dt", {}, name), element("dd", { dir: "auto" }, value)));
    }
    byId("facts").append(list);
    byId("facts").hidden = data.facts.length === 0;
    const note = byId("map-note");
    note.hidden = data.n > 0 && this.renderer !== null;
    note.textContent =
      data.n === 0 ? "No document has a place on the map." : "This browser cannot draw the map.";
  }

  private coloring(): Coloring {
    return this.colorings.get(this.state.color);
  }

  private setTheme(theme: Theme): void {
    this.theme = theme;
    const palette = this.palettes[theme];
    this.labels.setColors(palette.text);
    const rules = palette.points.map((color, i) => `[data-topic="${i}"]{--topic:${css(color)}}`);
    let style = document.getElementById("topic-colors");
    if (!style) {
      style = element("style", { id: "topic-colors" });
      document.head.append(style);
    }
    style.textContent = rules.join("\n");
    this.paint();
    if (this.state.tab !== "topics" && document.documentElement.dataset.ready) this.refresh();
    this.redraw();
  }

  /** Colours of the points, the small map and the legend. */
  private paint(): void {
    const coloring = this.coloring();
    const colors = coloring.colors[this.theme];
    const style = { codes: coloring.codes, colors, dim: DIM[this.theme], background: BACKGROUND[this.theme] };
    this.renderer?.setStyle(style);
    this.minimap.setStyle(coloring.codes, colors);
    this.legend.show(coloring, this.theme, this.state.hidden);
  }

  private resize(): void {
    const { width, height } = this.host.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    const ratio = devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.labels.forgetSizes();
    this.camera.resize(width, height);
    this.drawNow(false);
  }

  private moved(): void {
    this.hasMoved = true;
    this.redraw();
  }

  private redraw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.drawNow(this.hasMoved);
    });
  }

  private drawNow(isMoving: boolean): void {
    this.hasMoved = false;
    const ratio = this.canvas.width / this.camera.width;
    this.renderer?.draw(this.camera, ratio, isMoving);
    this.overlay.draw(this.camera, ratio);
    const now = performance.now();
    if (!isMoving || now - this.placedAt > PLACE_MS) {
      this.labels.update(this.camera);
      this.placedAt = performance.now();
    } else {
      this.labels.follow(this.camera);
    }
    this.minimap.update();
    this.tooltip.place(this.camera);
    this.tooltip.placeFocus(this.state.doc, this.camera);
    clearTimeout(this.settleTimer);
    if (isMoving) this.settleTimer = setTimeout(() => this.drawNow(false), SETTLE_MS);
    else this.settled();
  }

  private settled(): void {
    document.documentElement.dataset.zoom = this.camera.zoom.toFixed(3);
    this.writeAddress(false);
  }

  private layers(): HTMLCanvasElement[] {
    return [this.canvas, this.overlay.canvas];
  }

  private drawPictureOn(target: HTMLCanvasElement): void {
    // In the same task as the drawing: afterwards the WebGL canvas may be empty.
    this.drawNow(false);
    const labels = this.labels.shown().map(({ element: label }) => label);
    drawPicture(target, this.layers(), labels, this.host);
  }

  private saveVectorPicture(): void {
    const coloring = this.coloring();
    const raster = element("canvas");
    this.drawNow(false);
    drawPicture(raster, [this.canvas], [], this.host);
    const view = {
      data: this.data,
      camera: this.camera,
      codes: coloring.codes,
      colors: coloring.colors[this.theme],
      dim: DIM[this.theme],
      mask: this.mask,
      opacity: pointOpacity(this.camera, this.data.n),
      contours: this.overlay.contourPaths(this.camera),
      labels: this.labels.shown().map(({ element: label }) => label),
      host: this.host,
      raster,
    };
    saveVector(vectorPicture(view));
  }

  // --- Input --------------------------------------------------------------------------------

  private listen(): void {
    const { camera } = this;
    startSelecting(this.canvas, camera, () => this.tool, {
      preview: (outline) => {
        this.tooltip.hide();
        this.overlay.setOutline(outline.length > 0 ? outline : this.outline());
        this.redraw();
      },
      choose: (outline) => this.chooseArea(outline),
    });
    startGestures(this.canvas, camera, {
      onHover: (px, py, isTouch) => {
        if (!isTouch && this.tool === "move") this.hover(px, py);
      },
      onLeave: () => this.hover(-1e9, -1e9),
      onClick: (px, py) => this.clickMap(px, py),
    });
    this.listenOnLabels();
    const zoomMiddle = (factor: number): void =>
      camera.flyZoomAt(camera.width / 2, camera.height / 2, factor);
    const on = (id: string, act: () => void): void => byId(id).addEventListener("click", act);
    on("zoom-in", () => zoomMiddle(1.8));
    on("zoom-out", () => zoomMiddle(1 / 1.8));
    on("zoom-reset", () => camera.reset());
    on("clear", () => this.clearChoice());
    on("clear-filters", () => this.clearFilters());
    on("tool-box", () => this.setTool("box"));
    on("tool-lasso", () => this.setTool("lasso"));
    on("contours", () => this.change(() => (this.state.hasContours = !this.state.hasContours)));
    this.listenOnMenu(on);
    this.canvas.addEventListener("keydown", (event) => {
      if (!onMapKey(event, camera) && event.key === "Enter") this.chooseView();
    });
    addEventListener("keydown", (event) => this.pageKey(event));
    this.input.addEventListener("input", () => this.setQuery(this.input.value));
    byId("search-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const first = this.found?.docs[0];
      if (first !== undefined) this.goToDocument(first);
    });
    addEventListener("beforeprint", () => this.drawPictureOn(byId<HTMLCanvasElement>("print-map")));
  }

  private listenOnMenu(on: (id: string, act: () => void) => void): void {
    const menu = byId<HTMLDetailsElement>("save-menu");
    const item = (id: string, act: () => void): void =>
      on(id, () => {
        menu.open = false;
        act();
      });
    item("save-picture", () => {
      const picture = element("canvas");
      this.drawPictureOn(picture);
      savePicture(picture);
    });
    item("save-vector", () => this.saveVectorPicture());
    item("save-documents", () => saveDocuments(this.data, this.shownDocuments()));
    addEventListener("pointerdown", (event) => {
      if (!menu.contains(event.target as Node)) menu.open = false;
    });
  }

  private shownDocuments(): Uint32Array {
    const docs: number[] = [];
    for (let i = 0; i < this.data.n; i++) if (!this.mask || this.mask[i] === 1) docs.push(i);
    return Uint32Array.from(docs);
  }

  private setTool(tool: Tool): void {
    this.tool = this.tool === tool ? "move" : tool;
    byId("tool-box").setAttribute("aria-pressed", String(this.tool === "box"));
    byId("tool-lasso").setAttribute("aria-pressed", String(this.tool === "lasso"));
    this.host.classList.toggle("is-selecting", this.tool !== "move");
    this.hover(-1e9, -1e9);
  }

  /** Names lie over the points: what is not a click on a name is meant for the map below. */
  private listenOnLabels(): void {
    const labels = byId("labels");
    const frame = (): DOMRect => this.host.getBoundingClientRect();
    labels.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return;
      this.hover(event.clientX - frame().left, event.clientY - frame().top);
    });
    labels.addEventListener("pointerout", (event) => {
      const to = event.relatedTarget;
      if (!(to instanceof Node && this.host.contains(to))) this.hover(-1e9, -1e9);
    });
    const forward = (event: WheelEvent): void => {
      event.preventDefault();
      this.canvas.dispatchEvent(new WheelEvent("wheel", event));
    };
    labels.addEventListener("wheel", forward, { passive: false });
  }

  private pageKey(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      const menu = byId<HTMLDetailsElement>("save-menu");
      if (menu.open) menu.open = false;
      else if (this.tool !== "move") this.setTool(this.tool);
      else if (this.state.choice.kind !== "none" || this.state.doc >= 0) this.clearChoice();
      else if (this.state.query) this.clearSearch();
      else if (this.state.hidden.size > 0 || this.state.range) this.clearFilters();
      this.hover(-1e9, -1e9);
    } else if (event.key === "/" && !(event.target instanceof HTMLInputElement)) {
      event.preventDefault();
      this.input.focus();
      this.input.select();
    }
  }

  private documentAt(px: number, py: number): number {
    const { camera, mask } = this;
    const reach = Math.max(8, pointRadius(camera, this.data.n) + 4) / camera.scale;
    const accept = (i: number): boolean => mask === null || mask[i] === 1;
    return this.grid.nearest(camera.toMapX(px), camera.toMapY(py), reach, accept);
  }

  private hover(px: number, py: number): void {
    const isInside = px >= 0 && py >= 0;
    const doc = isInside ? this.documentAt(px, py) : -1;
    this.tooltip.show(doc, this.camera);
    this.host.classList.toggle("is-over-point", doc >= 0);
  }

  private clickMap(px: number, py: number): void {
    const doc = this.documentAt(px, py);
    if (doc < 0) {
      this.clearChoice();
      return;
    }
    this.change(() => {
      this.state.doc = doc;
      this.state.choice = { kind: "topic", topic: this.data.topic[doc]! };
      if (this.state.tab !== "documents") this.state.tab = "topics";
    });
    // Beside the map the panel shows it now; below the map it may be out of sight.
    if (this.isNarrow()) this.tooltip.show(doc, this.camera);
    else this.tooltip.hide();
  }

  private isNarrow(): boolean {
    return matchMedia("(max-width: 860px)").matches;
  }

  // --- Choice, filters and search -----------------------------------------------------------

  /** A change by a person: the page follows, and "back" undoes it. */
  private change(act: () => void): void {
    act();
    this.refresh();
    this.writeAddress(true);
  }

  private chooseGroup(group: Group): void {
    const { layer } = this.levels[group.level]!;
    this.change(() => {
      this.state.doc = -1;
      this.state.choice =
        layer === -1 ? { kind: "topic", topic: group.id } : { kind: "cluster", layer, cluster: group.id };
    });
  }

  private chooseTopicFromPanel(topic: number): void {
    this.change(() => {
      this.state.doc = -1;
      if (this.state.query && this.state.tab === "topics") this.resetQuery();
      this.state.choice = { kind: "topic", topic };
    });
    const group = this.topicLevel.byId.get(topic);
    if (group && !this.camera.isInView(group.x, group.y, 40)) this.camera.flyToBox(group.box);
  }

  private chooseBranch(node: TreeNode): void {
    const { choice } = this.state;
    const isSame = choice.kind === "branch" && choice.node === node.id;
    this.change(() => {
      this.state.doc = -1;
      this.state.choice = isSame ? NOTHING : { kind: "branch", node: node.id };
    });
    if (!isSame) this.zoomToChoice();
  }

  private chooseArea(outline: readonly number[]): void {
    if (this.tool !== "move") this.setTool(this.tool);
    this.change(() => {
      this.state.doc = -1;
      this.state.tab = "topics";
      this.state.choice = { kind: "area", outline: outline.map(Math.round) };
    });
  }

  /** What is in view, for people without a mouse. */
  private chooseView(): void {
    const { camera } = this;
    const [left, right] = [camera.toMapX(0), camera.toMapX(camera.width)];
    const [top, bottom] = [camera.toMapY(0), camera.toMapY(camera.height)];
    this.chooseArea([left, top, right, top, right, bottom, left, bottom]);
  }

  private goToDocument(doc: number): void {
    this.change(() => {
      this.state.doc = doc;
      if (this.state.choice.kind !== "none" && this.mask?.[doc] === 0) this.state.choice = NOTHING;
      if (!this.state.query && this.state.choice.kind === "none" && this.state.tab === "topics") {
        this.state.choice = { kind: "topic", topic: this.data.topic[doc]! };
      }
    });
    const { camera, data } = this;
    camera.flyTo(data.x[doc]!, data.y[doc]!, Math.max(camera.zoom, 6));
    if (this.state.query || this.isNarrow()) this.tooltip.show(doc, camera);
    if (this.isNarrow()) this.host.scrollIntoView({ block: "center" });
  }

  private clearChoice(): void {
    if (this.state.choice.kind === "none" && this.state.doc < 0) return;
    this.change(() => {
      this.state.doc = -1;
      this.state.choice = NOTHING;
    });
  }

  private clearFilters(): void {
    this.change(() => {
      this.state.hidden = new Set();
      this.state.range = null;
    });
  }

  private colorBy(key: string): void {
    this.change(() => {
      this.state.color = key;
      this.state.hidden = new Set();
    });
  }

  private setRange(range: Range | null, isDone: boolean): void {
    this.state.range = range;
    this.isAdjusting = !isDone;
    this.refresh();
    if (isDone) this.writeAddress(true);
  }

  private clearSearch(): void {
    this.resetQuery();
    this.change(() => undefined);
  }

  private resetQuery(): void {
    this.input.value = "";
    this.state.query = "";
    this.found = null;
    this.searchTurn++;
    clearTimeout(this.queryTimer);
    this.isAdjusting = false;
    byId("hits").textContent = "";
  }

  private zoomToChoice(): void {
    const box = this.chosenGroup()?.box ?? this.boxOf(this.subset()?.docs ?? []);
    if (box) this.camera.flyToBox(box);
  }

  private boxOf(docs: ArrayLike<number>): Box | null {
    if (docs.length === 0) return null;
    const part = (values: Uint16Array): [number, number] => {
      const sorted = Uint16Array.from(docs as ArrayLike<number>, (i) => values[i]!).sort();
      return [sorted[Math.floor(0.03 * sorted.length)]!, sorted[Math.floor(0.97 * (sorted.length - 1))]!];
    };
    const [left, right] = part(this.data.x);
    const [bottom, top] = part(this.data.y);
    return { left, right, bottom, top };
  }

  private setQuery(query: string): void {
    this.state.query = query.trim();
    const terms = parseQuery(query);
    const turn = ++this.searchTurn;
    clearTimeout(this.queryTimer);
    // One step back for a whole query, not for each letter.
    this.isAdjusting = true;
    this.queryTimer = setTimeout(() => {
      this.isAdjusting = false;
      this.writeAddress(true);
    }, 600);
    if (terms.length === 0) {
      this.found = null;
      byId("hits").textContent = "";
      this.refresh();
      return;
    }
    byId("hits").textContent = "…";
    void this.search.find(terms).then((docs) => {
      if (turn !== this.searchTurn) return; // A later search has begun.
      const topics = this.data.topics.map((_, i) => i).filter((i) => topicMatches(this.data.topics[i]!, terms));
      this.found = { terms, topics, docs };
      if (this.state.tab !== "documents") this.state.tab = "topics";
      this.refresh();
    });
  }

  private chosenGroup(): Group | null {
    const { choice } = this.state;
    if (choice.kind === "topic") return this.topicLevel.byId.get(choice.topic) ?? null;
    if (choice.kind !== "cluster") return null;
    const level = this.levels.find(({ layer }) => layer === choice.layer);
    return level?.byId.get(choice.cluster) ?? null;
  }

  private outline(): readonly number[] {
    return this.state.choice.kind === "area" ? this.state.choice.outline : [];
  }

  private chosenTopics(): ReadonlySet<number> {
    const { choice } = this.state;
    if (choice.kind === "topic") return new Set([choice.topic]);
    if (choice.kind === "branch") return new Set(this.hierarchy().nodes[choice.node]?.topics ?? []);
    return new Set();
  }

  private subset(): Subset | null {
    const { data } = this;
    const { choice } = this.state;
    switch (choice.kind) {
      case "none":
        return null;
      case "topic":
        return { choice, name: topicName(data.topics[choice.topic]!), docs: this.membersOfTopic[choice.topic]! };
      case "area": {
        const docs = documentsInside(choice.outline, data.x, data.y);
        return { choice, name: `Selection of ${number(docs.length)}`, docs };
      }
      case "branch": {
        const node = this.hierarchy().nodes[choice.node]!;
        const isIn = new Set(node.topics);
        return { choice, name: node.name, docs: Uint32Array.from(data.x.keys()).filter((i) => isIn.has(data.topic[i]!)) };
      }
      case "cluster": {
        const layer = data.layers[choice.layer]!;
        const docs = Uint32Array.from(data.x.keys()).filter((i) => layer.labels[i] === choice.cluster);
        return { choice, name: layer.names[choice.cluster]!, docs };
      }
    }
  }

  /** 1 for the documents that all parts leave; null where none leaves any out. */
  private maskOf(subset: Subset | null, found: Found | null, range: Range | null): Uint8Array | null {
    const { data, state } = this;
    if (!subset && !found && !range && state.hidden.size === 0) return null;
    const mask = new Uint8Array(data.n);
    if (subset) for (const i of subset.docs) mask[i] = 1;
    else mask.fill(1);
    if (found) {
      const isHit = new Uint8Array(data.n);
      for (const i of found.docs) isHit[i] = 1;
      for (let i = 0; i < data.n; i++) mask[i]! &= isHit[i]!;
    }
    if (state.hidden.size > 0) {
      const { codes } = this.coloring();
      for (let i = 0; i < data.n; i++) if (state.hidden.has(codes[i]!)) mask[i] = 0;
    }
    if (range) {
      const { numbers } = data.columns[range.column]!;
      for (let i = 0; i < data.n; i++) if (!(numbers[i]! >= range.low && numbers[i]! <= range.high)) mask[i] = 0;
    }
    return mask;
  }

  /** Brings points, names, panel and chips in line with the state. */
  private refresh(): void {
    const { state } = this;
    const whole = this.subset();
    this.mask = this.maskOf(whole, this.found, state.range);
    const { mask } = this;
    const kept = (docs: Uint32Array): Uint32Array => (mask ? docs.filter((i) => mask[i] === 1) : docs);
    const found = this.found && { ...this.found, docs: kept(this.found.docs) };
    const subset = whole && { ...whole, docs: kept(whole.docs) };
    this.paint();
    this.renderer?.setMask(mask);
    this.overlay.setOutline(this.outline());
    this.overlay.setContours(state.hasContours, mask);
    byId("contours").setAttribute("aria-pressed", String(state.hasContours));
    this.tooltip.hideUnlessIn(mask);
    this.labels.setChosen(this.chosenGroup());
    const shownTopics = (): Set<number> => new Set(Array.from(this.shownDocuments(), (i) => this.data.topic[i]!));
    this.labels.setRelevant(mask && state.choice.kind !== "topic" && state.choice.kind !== "cluster" ? shownTopics() : null);
    const withoutRange = state.range ? this.maskOf(whole, this.found, null) : mask;
    this.timeline.show(this.timeline.columnFor(state.color), state.range, withoutRange);
    if (found) {
      const text = count(found.docs.length, "hit");
      byId("hits").textContent = text;
      this.announce(`${text} for ${state.query}`);
    } else if (subset) {
      this.announce(`${subset.name}: ${count(subset.docs.length, "document")}`);
    }
    const branch = state.choice.kind === "branch" ? state.choice.node : -1;
    this.side.show(state.tab, { subset, found, doc: state.doc, mask, topics: this.chosenTopics(), branch });
    this.showChips(subset);
    this.redraw();
  }

  private showChips(subset: Subset | null): void {
    const { state } = this;
    byId("clear").hidden = subset === null;
    byId("clear").textContent = subset?.name ?? "";
    byId("clear").setAttribute("aria-label", `Show all topics, not only ${subset?.name ?? ""}`);
    const parts: string[] = [];
    if (state.hidden.size > 0) parts.push(`${count(state.hidden.size, "colour")} off`);
    if (state.range) parts.push(`part of ${this.data.columns[state.range.column]!.name}`);
    byId("clear-filters").hidden = parts.length === 0;
    byId("clear-filters").textContent = parts.join(", ");
    byId("clear-filters").setAttribute("aria-label", `Take away the filters: ${parts.join(", ")}`);
  }

  private announce(text: string): void {
    byId("announcer").textContent = text;
  }

  // --- Address ------------------------------------------------------------------------------

  private writeAddress(isStep: boolean): void {
    if (!isStep && this.isAdjusting) return;
    if (!this.isRestored) return; // What the address says has yet to be read.
    const { camera, data } = this;
    const view = { x: camera.centerX, y: camera.centerY, zoom: camera.zoom };
    const hash = writeHash(this.state, view, (topic) => data.topics[topic]!.id);
    if (hash === location.hash) return;
    const address = hash || location.pathname + location.search;
    try {
      if (isStep) history.pushState(null, "", address);
      else history.replaceState(null, "", address);
    } catch {
      // Some browsers forbid it for pages opened from disk; the page works without.
    }
  }

  private restore(): void {
    this.isRestored = true;
    const saved = readHash(location.hash);
    const { data, state } = this;
    const topic = data.topics.findIndex(({ id }) => id === saved.topicId);
    const [layer, cluster] = saved.cluster ?? [-1, -1];
    state.choice = NOTHING;
    if (topic >= 0) state.choice = { kind: "topic", topic };
    else if (data.layers[layer]?.names[cluster] !== undefined) {
      state.choice = { kind: "cluster", layer, cluster };
    } else if (saved.branch !== null && this.hierarchy().nodes[saved.branch]) {
      state.choice = { kind: "branch", node: saved.branch };
    } else if (saved.area) {
      state.choice = { kind: "area", outline: saved.area };
    }
    state.doc = saved.doc >= 0 && saved.doc < data.n ? saved.doc : -1;
    state.color = this.colorings.get(saved.color).key;
    state.hidden = saved.hidden;
    const ranged = saved.range ? data.columns[saved.range.column] : undefined;
    state.range = ranged && ranged.numbers.length === data.n ? saved.range : null;
    state.tab = SidePanel.knows(saved.tab) ? saved.tab : START.tab;
    state.hasContours = saved.hasContours;
    if (saved.view) this.camera.set(saved.view.x, saved.view.y, saved.view.zoom);
    else this.camera.resetNow();
    this.input.value = saved.query;
    if (saved.query) {
      this.setQuery(saved.query);
      clearTimeout(this.queryTimer);
      this.isAdjusting = false;
    } else {
      this.resetQuery();
    }
    this.refresh();
  }
}
