// Ties the parts together: one state, one camera, and what follows from a change of either.

import { Camera, type Box } from "./camera";
import { OUTLIERS, topicName, type MapData } from "./data";
import { byId, count, element, number } from "./dom";
import { drawPicture, savePicture } from "./export";
import { PointGrid } from "./grid";
import { LabelLayer } from "./labels";
import { makeLevels, membersByGroup, type Group, type Level } from "./levels";
import { makePalettes, type Palette } from "./palette";
import { Panel, type Found, type Subset } from "./panel";
import { onMapKey, startGestures } from "./pointer";
import { makePointRenderer, pointRadius, type PointRenderer } from "./points";
import { parseQuery, SearchIndex, topicMatches } from "./search";
import { readHash, writeHash, type Choice, type State } from "./state";
import { startTheme, type Theme } from "./theme";
import { Tooltip } from "./tooltip";

const NOTHING: Choice = { kind: "none" };

function worldBox(data: MapData): Box {
  if (data.n === 0) return { left: 0, right: 65535, bottom: 0, top: 65535 };
  const box = { left: 65535, right: 0, bottom: 65535, top: 0 };
  for (let i = 0; i < data.n; i++) {
    box.left = Math.min(box.left, data.x[i]!);
    box.right = Math.max(box.right, data.x[i]!);
    box.bottom = Math.min(box.bottom, data.y[i]!);
    box.top = Math.max(box.top, data.y[i]!);
  }
  // A single place still needs a frame.
  const pad = Math.max(0, 2000 - (box.right - box.left), 0) / 2;
  const rise = Math.max(0, 2000 - (box.top - box.bottom), 0) / 2;
  return { left: box.left - pad, right: box.right + pad, bottom: box.bottom - rise, top: box.top + rise };
}

/** The box that leaves out the farthest two percent on each side, with some air. A few points
 * that are like nothing else drift far away; they must not shrink everyone else to a dot. */
function homeBox(data: MapData, world: Box): Box {
  if (data.n < 200) return world;
  const range = (values: Uint16Array, low: number, high: number): [number, number] => {
    const sorted = values.slice(0, data.n).sort();
    const begin = sorted[Math.floor(0.02 * (data.n - 1))]!;
    const end = sorted[Math.ceil(0.98 * (data.n - 1))]!;
    const air = 0.12 * (end - begin) + 500;
    return [Math.max(low, begin - air), Math.min(high, end + air)];
  };
  const [left, right] = range(data.x, world.left, world.right);
  const [bottom, top] = range(data.y, world.bottom, world.top);
  return { left, right, bottom, top };
}

export class App {
  private readonly host = byId("map");
  private readonly canvas = byId<HTMLCanvasElement>("points");
  private readonly input = byId<HTMLInputElement>("search");
  private readonly state: State = { choice: NOTHING, doc: -1, query: "" };
  private readonly camera: Camera;
  private readonly levels: Level[];
  private readonly topicLevel: Level;
  private readonly membersOfTopic: Uint32Array[];
  private readonly palettes: { light: Palette; dark: Palette };
  private readonly renderer: PointRenderer | null;
  private readonly labels: LabelLayer;
  private readonly grid: PointGrid;
  private readonly tooltip: Tooltip;
  private readonly panel: Panel;
  private readonly search: SearchIndex;
  private mask: Uint8Array | null = null;
  private found: Found | null = null;
  private searchTurn = 0;
  private hashTimer = 0;
  private frame = 0;

  constructor(private readonly data: MapData) {
    this.levels = makeLevels(data);
    this.topicLevel = this.levels.find((level) => level.layer === -1)!;
    this.membersOfTopic = membersByGroup(data.topic, data.topics.length);
    const places = data.topics.map((_, i) => this.topicLevel.byId.get(i) ?? { x: 32767, y: 32767 });
    this.palettes = makePalettes(data.topics, places);
    const world = worldBox(data);
    this.camera = new Camera(world, homeBox(data, world), () => this.redraw());
    this.renderer = makePointRenderer(this.canvas, data, () => this.redraw());
    this.grid = new PointGrid(data.x, data.y);
    this.tooltip = new Tooltip(data, this.grid);
    const named = this.levels.map((level) => ({
      ...level,
      groups: level.groups.filter((g) => level.layer !== -1 || data.topics[g.id]!.id !== OUTLIERS),
    }));
    this.labels = new LabelLayer(byId("labels"), named, (group) => this.chooseGroup(group));
    this.search = new SearchIndex(data);
    this.panel = new Panel(data, {
      chooseTopic: (topic) => this.chooseTopicFromPanel(topic),
      chooseDocument: (doc) => this.goToDocument(doc),
      clearChoice: () => this.clearChoice(),
      clearSearch: () => this.clearSearch(),
      zoomToChoice: () => this.zoomToChoice(),
      setWide: (isWide) => byId("app").classList.toggle("is-wide", isWide),
    });
  }

  start(): void {
    this.fillPage();
    startTheme(byId<HTMLButtonElement>("theme"), (theme) => this.setTheme(theme));
    new ResizeObserver(() => this.resize()).observe(this.host);
    this.resize();
    this.listen();
    this.restore();
    addEventListener("hashchange", () => this.restore());
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

  private setTheme(theme: Theme): void {
    const palette = this.palettes[theme];
    const dim: [number, number, number] = theme === "dark" ? [0.3, 0.31, 0.34] : [0.8, 0.8, 0.79];
    this.renderer?.setStyle({ colors: palette.points, dim });
    this.labels.setColors(palette.text);
    const rules = palette.points.map((color, i) => {
      const value = `rgb(${color.map((v) => Math.round(v * 255)).join(" ")})`;
      return `[data-topic="${i}"]{--topic:${value}}`;
    });
    let style = document.getElementById("topic-colors");
    if (!style) {
      style = element("style", { id: "topic-colors" });
      document.head.append(style);
    }
    style.textContent = rules.join("\n");
    this.redraw();
  }

  private resize(): void {
    const { width, height } = this.host.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    const ratio = devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.labels.forgetSizes();
    this.camera.resize(width, height);
    this.drawNow();
  }

  private redraw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.drawNow();
    });
  }

  private drawNow(): void {
    this.renderer?.draw(this.camera, this.canvas.width / this.camera.width);
    this.labels.update(this.camera);
    this.tooltip.place(this.camera);
    this.tooltip.placeFocus(this.state.doc, this.camera);
    document.documentElement.dataset.zoom = this.camera.zoom.toFixed(3);
    clearTimeout(this.hashTimer);
    this.hashTimer = setTimeout(() => this.writeAddress(), 250);
  }

  private drawPictureOn(target: HTMLCanvasElement): void {
    // In the same task as the drawing: afterwards the WebGL canvas may be empty.
    this.renderer?.draw(this.camera, this.canvas.width / this.camera.width);
    const labels = this.labels.shown().map(({ element: label }) => label);
    drawPicture(target, this.canvas, labels, this.host);
  }

  // --- Input --------------------------------------------------------------------------------

  private listen(): void {
    const { camera } = this;
    startGestures(this.canvas, camera, {
      onHover: (px, py, isTouch) => {
        if (!isTouch) this.hover(px, py);
      },
      onLeave: () => this.hover(-1e9, -1e9),
      onClick: (px, py) => this.clickMap(px, py),
    });
    this.listenOnLabels();
    const zoomMiddle = (factor: number): void =>
      camera.flyZoomAt(camera.width / 2, camera.height / 2, factor);
    byId("zoom-in").addEventListener("click", () => zoomMiddle(1.8));
    byId("zoom-out").addEventListener("click", () => zoomMiddle(1 / 1.8));
    byId("zoom-reset").addEventListener("click", () => camera.reset());
    byId("clear").addEventListener("click", () => this.clearChoice());
    byId("save-picture").addEventListener("click", () => {
      const picture = element("canvas");
      this.drawPictureOn(picture);
      savePicture(picture);
    });
    this.canvas.addEventListener("keydown", (event) => onMapKey(event, camera));
    addEventListener("keydown", (event) => this.pageKey(event));
    this.input.addEventListener("input", () => this.setQuery(this.input.value));
    byId("search-form").addEventListener("submit", (event) => {
      event.preventDefault();
      const first = this.found?.docs[0];
      if (first !== undefined) this.goToDocument(first);
    });
    addEventListener("beforeprint", () => this.drawPictureOn(byId<HTMLCanvasElement>("print-map")));
  }

  /** Names lie over the points: what is not a click on a name is meant for the map below. */
  private listenOnLabels(): void {
    const labels = byId("labels");
    const frame = (): DOMRect => this.host.getBoundingClientRect();
    labels.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return;
      this.hover(event.clientX - frame().left, event.clientY - frame().top);
    });
    const forward = (event: WheelEvent): void => {
      event.preventDefault();
      this.canvas.dispatchEvent(new WheelEvent("wheel", event));
    };
    labels.addEventListener("wheel", forward, { passive: false });
  }

  private pageKey(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      if (this.state.choice.kind !== "none" || this.state.doc >= 0) this.clearChoice();
      else if (this.state.query) this.clearSearch();
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
    this.state.doc = doc;
    this.setChoice({ kind: "topic", topic: this.data.topic[doc]! });
    // Beside the map the panel shows it now; below the map it may be out of sight.
    if (this.isNarrow()) this.tooltip.show(doc, this.camera);
    else this.tooltip.hide();
  }

  private isNarrow(): boolean {
    return matchMedia("(max-width: 860px)").matches;
  }

  // --- Choice and search --------------------------------------------------------------------

  private chooseGroup(group: Group): void {
    const { layer } = this.levels[group.level]!;
    this.state.doc = -1;
    this.setChoice(
      layer === -1 ? { kind: "topic", topic: group.id } : { kind: "cluster", layer, cluster: group.id },
    );
  }

  private chooseTopicFromPanel(topic: number): void {
    this.state.doc = -1;
    if (this.state.query) this.clearSearch();
    this.setChoice({ kind: "topic", topic });
    const group = this.topicLevel.byId.get(topic);
    if (group && !this.camera.isInView(group.x, group.y, 40)) this.camera.flyToBox(group.box);
  }

  private goToDocument(doc: number): void {
    this.state.doc = doc;
    if (this.state.choice.kind !== "none" && !this.subset()!.docs.includes(doc)) {
      this.state.choice = NOTHING;
    }
    if (!this.state.query && this.state.choice.kind === "none") {
      this.state.choice = { kind: "topic", topic: this.data.topic[doc]! };
    }
    this.refresh(false);
    const { camera, data } = this;
    camera.flyTo(data.x[doc]!, data.y[doc]!, Math.max(camera.zoom, 6));
    if (this.state.query || this.isNarrow()) this.tooltip.show(doc, camera);
    if (this.isNarrow()) this.host.scrollIntoView({ block: "center" });
  }

  private clearChoice(): void {
    this.state.doc = -1;
    this.setChoice(NOTHING);
  }

  private clearSearch(): void {
    this.input.value = "";
    this.setQuery("");
  }

  private zoomToChoice(): void {
    const group = this.chosenGroup();
    if (group) this.camera.flyToBox(group.box);
  }

  private setChoice(choice: Choice): void {
    this.state.choice = choice;
    this.refresh(true);
  }

  private setQuery(query: string): void {
    this.state.query = query.trim();
    const terms = parseQuery(query);
    const turn = ++this.searchTurn;
    if (terms.length === 0) {
      this.found = null;
      byId("hits").textContent = "";
      this.refresh(true);
      return;
    }
    byId("hits").textContent = "…";
    void this.search.find(terms).then((docs) => {
      if (turn !== this.searchTurn) return; // A later search has begun.
      const topics = this.data.topics.map((_, i) => i).filter((i) => topicMatches(this.data.topics[i]!, terms));
      this.found = { terms, topics, docs };
      this.refresh(true);
    });
  }

  private chosenGroup(): Group | null {
    const { choice } = this.state;
    if (choice.kind === "topic") return this.topicLevel.byId.get(choice.topic) ?? null;
    if (choice.kind === "none") return null;
    const level = this.levels.find(({ layer }) => layer === choice.layer);
    return level?.byId.get(choice.cluster) ?? null;
  }

  private subset(): Subset | null {
    const { choice } = this.state;
    if (choice.kind === "none") return null;
    if (choice.kind === "topic") {
      const name = topicName(this.data.topics[choice.topic]!);
      return { choice, name, docs: this.membersOfTopic[choice.topic]! };
    }
    const layer = this.data.layers[choice.layer]!;
    const docs: number[] = [];
    layer.labels.forEach((cluster, i) => {
      if (cluster === choice.cluster) docs.push(i);
    });
    return { choice, name: layer.names[choice.cluster]!, docs: Uint32Array.from(docs) };
  }

  /** Brings points, names, panel and chips in line with the state. */
  private refresh(isPanelStale: boolean): void {
    const subset = this.subset();
    const inSubset = subset ? new Uint8Array(this.data.n) : null;
    if (subset && inSubset) for (const i of subset.docs) inSubset[i] = 1;
    let found = this.found;
    if (found && inSubset) found = { ...found, docs: found.docs.filter((i) => inSubset[i] === 1) };
    this.mask = inSubset;
    if (found) {
      this.mask = new Uint8Array(this.data.n);
      for (const i of found.docs) this.mask[i] = 1;
    }
    this.renderer?.setMask(this.mask);
    this.tooltip.hideUnlessIn(this.mask);
    this.labels.setChosen(this.chosenGroup());
    this.labels.setRelevant(found && new Set(Array.from(found.docs, (i) => this.data.topic[i]!)));

    if (found) {
      const text = count(found.docs.length, "hit");
      byId("hits").textContent = text;
      this.announce(`${text} for ${this.state.query}`);
      if (isPanelStale) this.panel.showFound(found, subset?.name ?? "");
    } else if (subset) {
      this.announce(`${subset.name}: ${count(subset.docs.length, "document")}`);
      this.panel.showSubset(subset, this.state.doc);
    } else {
      this.panel.showOverview();
    }
    byId("clear").hidden = subset === null;
    byId("clear").textContent = subset?.name ?? "";
    byId("clear").setAttribute("aria-label", `Show all topics, not only ${subset?.name ?? ""}`);
    this.redraw();
  }

  private announce(text: string): void {
    byId("announcer").textContent = text;
  }

  // --- Address ------------------------------------------------------------------------------

  private writeAddress(): void {
    const { camera, data } = this;
    const view = { x: camera.centerX, y: camera.centerY, zoom: camera.zoom };
    const hash = writeHash(this.state, view, (topic) => data.topics[topic]!.id);
    if (hash === location.hash) return;
    try {
      history.replaceState(null, "", hash || location.pathname + location.search);
    } catch {
      // Some browsers forbid it for pages opened from disk; the page works without.
    }
  }

  private restore(): void {
    const saved = readHash(location.hash);
    const { data, state } = this;
    const topic = data.topics.findIndex(({ id }) => id === saved.topicId);
    const [layer, cluster] = saved.cluster ?? [-1, -1];
    state.choice = NOTHING;
    if (topic >= 0) state.choice = { kind: "topic", topic };
    else if (data.layers[layer]?.names[cluster] !== undefined) {
      state.choice = { kind: "cluster", layer, cluster };
    }
    state.doc = saved.doc >= 0 && saved.doc < data.n ? saved.doc : -1;
    if (saved.view) this.camera.set(saved.view.x, saved.view.y, saved.view.zoom);
    this.input.value = saved.query;
    this.setQuery(saved.query);
  }
}
