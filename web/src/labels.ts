// Names on the map: few and coarse from afar, more and finer near by, never on top of each other.

import type { Camera } from "./camera";
import type { Group, Level } from "./levels";

interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

interface Label {
  readonly element: HTMLButtonElement;
  readonly group: Group;
  readonly tier: number;
  width: number;
  height: number;
  isShown: boolean;
  /** Where its corner is, from the place on the map that it names. */
  dx: number;
  dy: number;
}

const GAP = 4;
const SHIFTS = [0, 0.75, -0.75, 1.2, -1.2]; // In heights of the label,
const MOST_SHIFT = 28; // but never so many pixels that it leaves what it names.
const MOST_OF_LEVEL = 160;
const OVER_THE_MAP = ".legend, .minimap, .map-controls, .map-choice";

/** How many groups of a level are likely in view: the map is emptier than its frame. */
function expectedInView(level: Level, zoom: number): number {
  return level.groups.length / Math.pow(Math.max(1, zoom), 1.6);
}

export class LabelLayer {
  private readonly labels = new Map<string, Label>();
  /** Names a person asked for: always first. */
  private chosen: Group | null = null;
  private textColors: readonly string[] = [];
  private relevant: ReadonlySet<number> | null = null;
  private isHidden = false;
  private placed = { centerX: 0, centerY: 0, scale: 1 };
  private readonly namesOfLevel: ReadonlySet<string>[];

  constructor(
    private readonly host: HTMLElement,
    private readonly levels: readonly Level[],
    private readonly onClick: (group: Group) => void,
  ) {
    this.namesOfLevel = levels.map((level) => new Set(level.groups.map(({ name }) => name)));
  }

  setColors(colors: readonly string[]): void {
    this.textColors = colors;
    for (const label of this.labels.values()) this.paint(label);
  }

  setChosen(group: Group | null): void {
    this.chosen = group;
    this.host.classList.toggle("has-choice", group !== null);
  }

  /** Topics that a search found something in; null: no search. */
  setRelevant(topics: ReadonlySet<number> | null): void {
    this.relevant = topics;
  }

  /** Label sizes depend on the fonts in use. */
  forgetSizes(): void {
    for (const label of this.labels.values()) label.width = 0;
  }

  shown(): { group: Group; element: HTMLElement }[] {
    return [...this.labels.values()].filter((label) => label.isShown);
  }

  /** Moves what is shown along, between two placements: the names keep their distance while the map
   * is dragged, and come apart again a moment after it was magnified. Where moving each of them takes
   * too long (`isSlow`), they wait for that moment out of sight. */
  follow(camera: Camera, isSlow: boolean): void {
    const { centerX, centerY, scale } = this.placed;
    const isDragged = Math.abs(camera.scale - scale) < 1e-9 * scale;
    this.hide(isSlow && !isDragged);
    if (isDragged) {
      const x = (centerX - camera.centerX) * scale;
      const y = (camera.centerY - centerY) * scale;
      this.host.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
      return;
    }
    if (this.isHidden) return;
    this.host.style.transform = "";
    this.host.classList.add("is-coming-apart");
    for (const label of this.labels.values()) if (label.isShown) this.move(label, camera);
  }

  private hide(isHidden: boolean): void {
    if (isHidden === this.isHidden) return;
    this.isHidden = isHidden;
    this.host.classList.toggle("is-hidden", isHidden);
  }

  private move(label: Label, camera: Camera): void {
    const left = camera.toScreenX(label.group.x) + label.dx;
    const top = camera.toScreenY(label.group.y) + label.dy;
    label.element.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
  }

  /** Chooses and places the names anew. */
  update(camera: Camera): void {
    this.placed = { centerX: camera.centerX, centerY: camera.centerY, scale: camera.scale };
    this.host.style.transform = "";
    this.host.classList.remove("is-coming-apart");
    this.hide(false);
    const wanted = this.candidates(camera);
    this.measure(wanted.filter((label) => label.width === 0));
    const taken = this.obstacles();
    const shown = new Set<Label>();
    for (const label of wanted) {
      const box = this.freePlace(label, camera, taken);
      if (!box) continue;
      taken.push(box);
      shown.add(label);
      label.dx = box.left + GAP - camera.toScreenX(label.group.x);
      label.dy = box.top + GAP / 2 - camera.toScreenY(label.group.y);
      this.move(label, camera);
    }
    for (const label of this.labels.values()) {
      const isShown = shown.has(label);
      if (isShown !== label.isShown) {
        label.isShown = isShown;
        label.element.classList.toggle("is-shown", isShown);
        label.element.tabIndex = isShown ? 0 : -1;
      }
      label.element.classList.toggle("is-chosen", label.group === this.chosen);
      const isBeside = this.relevant !== null && !this.relevant.has(label.group.topic);
      label.element.classList.toggle("is-beside", isBeside);
    }
  }

  /** What lies over the map, where a name could not be read. */
  private obstacles(): Rectangle[] {
    const frame = this.host.parentElement!.getBoundingClientRect();
    const boxes = [...this.host.parentElement!.querySelectorAll(OVER_THE_MAP)].map((part) => part.getBoundingClientRect());
    return boxes
      .filter(({ width }) => width > 0)
      .map((box) => ({
        left: box.left - frame.left,
        right: box.right - frame.left,
        top: box.top - frame.top,
        bottom: box.bottom - frame.top,
      }));
  }

  /** On its place, or just below or above it, if that is free and inside the frame. */
  private freePlace(label: Label, camera: Camera, taken: readonly Rectangle[]): Rectangle | null {
    const x = camera.toScreenX(label.group.x);
    const y = camera.toScreenY(label.group.y);
    for (const shift of SHIFTS) {
      const away = shift * (label.height + GAP);
      if (Math.abs(away) > MOST_SHIFT) continue;
      const middle = y + away;
      const box = {
        left: x - label.width / 2 - GAP,
        right: x + label.width / 2 + GAP,
        top: middle - label.height / 2 - GAP / 2,
        bottom: middle + label.height / 2 + GAP / 2,
      };
      const isCut =
        box.left < 0 || box.top < 0 || box.right > camera.width || box.bottom > camera.height;
      if (isCut && label.group !== this.chosen) continue;
      const isFree = taken.every(
        (o) => box.left >= o.right || o.left >= box.right || box.top >= o.bottom || o.top >= box.bottom,
      );
      if (isFree) return box;
    }
    return null;
  }

  /** In order of priority. */
  private candidates(camera: Camera): Label[] {
    const room = Math.min(16, Math.max(5, (camera.width * camera.height) / 60000));
    let main = 0;
    this.levels.forEach((level, k) => {
      if (expectedInView(level, camera.zoom) <= room) main = k;
    });
    const labels: Label[] = [];
    if (this.chosen) labels.push(this.labelOf(this.chosen, 0));
    [main, main + 1].forEach((k, tier) => {
      let n = 0;
      for (const group of this.levels[k]?.groups ?? []) {
        if (n >= MOST_OF_LEVEL) break;
        if (!camera.isInView(group.x, group.y) || group === this.chosen) continue;
        if (tier === 1 && this.namesOfLevel[main]!.has(group.name)) continue;
        labels.push(this.labelOf(group, tier));
        n++;
      }
    });
    return labels;
  }

  private labelOf(group: Group, tier: number): Label {
    const key = `${group.level}/${group.id}/${tier}`;
    const known = this.labels.get(key);
    if (known) return known;
    const element = document.createElement("button");
    element.type = "button";
    element.className = `label is-${this.levels[group.level]!.kind} tier-${tier}`;
    element.dir = "auto";
    element.textContent = group.name;
    element.title = group.name;
    element.tabIndex = -1;
    element.setAttribute("aria-label", `${group.name}: ${group.count} documents`);
    const most = this.levels[group.level]!.groups[0]!.count;
    const share = Math.sqrt(group.count / Math.max(1, most));
    element.style.setProperty("--share", share.toFixed(3));
    element.addEventListener("click", () => this.onClick(group));
    const label = { element, group, tier, width: 0, height: 0, isShown: false, dx: 0, dy: 0 };
    this.paint(label);
    this.labels.set(key, label);
    this.host.append(element);
    return label;
  }

  private paint(label: Label): void {
    const isRegion = this.levels[label.group.level]!.kind === "region";
    label.element.style.color = isRegion ? "" : (this.textColors[label.group.topic] ?? "");
  }

  /** A box of balanced lines is wider than its lines: it is made as narrow as they are. */
  private measure(labels: readonly Label[]): void {
    for (const { element } of labels) element.style.width = "";
    const range = document.createRange();
    for (const label of labels) {
      range.selectNodeContents(label.element);
      const lines = range.getBoundingClientRect();
      label.width = Math.ceil(lines.width) + 8; // With the padding, and a pixel to spare.
      label.height = label.element.offsetHeight;
    }
    for (const { element, width } of labels) element.style.width = `${width}px`;
  }
}
