// The map itself: camera, points, names and what lies between them, drawn frame by frame.

import { Camera, type Box } from "./camera";
import { byId } from "./dom";
import type { MapData } from "./data";
import { PointGrid } from "./grid";
import { homeBox, worldBox } from "./home";
import { LabelLayer } from "./labels";
import type { Group, Level } from "./levels";
import { Minimap } from "./minimap";
import { Overlay } from "./overlay";
import { makePointRenderer } from "./point_renderer";
import { Pace } from "./pace";
import { pointRadius, type Haste, type PointRenderer, type PointStyle } from "./points";
import { Tooltip } from "./tooltip";

const SETTLE_MS = 130; // After the last movement: everything is drawn in full.
const PLACE_MS = 200; // Between two placements of the names while the map moves,
const FRAME_MS = 80; // and of the frame on the small map without a graphics card.

export interface MapViewActions {
  chooseGroup(group: Group): void;
  /** The map has come to rest. */
  settled(): void;
}

export class MapView {
  readonly host = byId("map");
  readonly canvas = byId<HTMLCanvasElement>("points");
  readonly camera: Camera;
  readonly labels: LabelLayer;
  readonly overlay: Overlay;
  readonly renderer: PointRenderer | null;
  private readonly grid: PointGrid;
  private readonly tooltip: Tooltip;
  private readonly minimap: Minimap;
  private mask: Uint8Array | null = null;
  private focus = -1;
  private frame = 0;
  private hasMoved = false;
  private settleTimer = 0;
  private placedAt = 0;
  private framedAt = 0;
  private pointer: { x: number; y: number } | null = null;
  private readonly pace = new Pace();

  constructor(
    private readonly data: MapData,
    levels: readonly Level[],
    private readonly actions: MapViewActions,
  ) {
    const world = worldBox(data);
    const home = homeBox(data, world);
    this.camera = new Camera(world, home, () => this.moved());
    const wanted = new URLSearchParams(location.hash.slice(1)).get("draw");
    this.renderer = makePointRenderer(this.canvas, byId<HTMLCanvasElement>("pixels"), data, wanted, () => this.redraw());
    document.documentElement.dataset.renderer = this.renderer?.kind ?? "none";
    this.grid = new PointGrid(data.x, data.y);
    this.tooltip = new Tooltip(data, this.grid);
    this.labels = new LabelLayer(byId("labels"), levels, (group) => actions.chooseGroup(group));
    this.overlay = new Overlay(data, world);
    this.minimap = new Minimap(data, home, this.camera);
  }

  start(): void {
    new ResizeObserver(() => this.resize()).observe(this.host);
    this.resize();
  }

  setStyle(style: PointStyle): void {
    this.renderer?.setStyle(style);
    this.minimap.setStyle(style.codes, style.colors);
  }

  /** `outline`: of the selection; `focus`: the document that is pointed out, or -1. */
  setShown(mask: Uint8Array | null, hasContours: boolean, outline: readonly number[], focus: number): void {
    this.mask = mask;
    this.focus = focus;
    this.renderer?.setMask(mask);
    this.overlay.setOutline(outline);
    this.overlay.setContours(hasContours, mask);
    this.tooltip.hideUnlessIn(mask);
    this.redraw();
  }

  resize(): void {
    const { width, height } = this.host.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    this.labels.forgetSizes();
    this.camera.resize(width, height);
    this.drawNow("still");
  }

  private moved(): void {
    this.hasMoved = true;
    this.redraw();
  }

  redraw(): void {
    if (this.frame !== 0) return;
    const asked = performance.now();
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (!this.hasMoved) {
        this.drawNow("still");
        return;
      }
      const now = performance.now();
      this.pace.tick(asked, now);
      this.drawNow(this.pace.isStrained(now) ? "strained" : "moving");
    });
  }

  drawNow(haste: Haste): void {
    this.hasMoved = false;
    const ratio = devicePixelRatio || 1;
    const { camera } = this;
    this.renderer?.draw(camera, ratio, haste);
    this.overlay.draw(camera, ratio);
    this.placeFrame(haste); // Before the names, which make room for the small map.
    this.placeNames(haste);
    this.tooltip.place(camera);
    this.tooltip.placeFocus(this.focus, camera);
    clearTimeout(this.settleTimer);
    if (haste === "still" || haste === "now") this.settled();
    else this.settleTimer = setTimeout(() => this.settle(), SETTLE_MS);
  }

  /** Without a graphics card what changes on the page is drawn by the processor, as the points are. */
  private get isSoftware(): boolean {
    return this.renderer?.kind === "software";
  }

  /** The names are chosen and placed anew at rest; with a graphics card also now and then on the way. */
  private placeNames(haste: Haste): void {
    const now = performance.now();
    const isDue = haste === "moving" && !this.isSoftware && now - this.placedAt > PLACE_MS;
    if (haste === "still" || haste === "now" || isDue) {
      this.labels.update(this.camera);
      this.placedAt = now;
    } else {
      this.labels.follow(this.camera, haste === "strained" || this.isSoftware);
    }
  }

  private placeFrame(haste: Haste): void {
    const now = performance.now();
    const isMoving = haste === "moving" || haste === "strained";
    if (isMoving && this.isSoftware && now - this.framedAt < FRAME_MS) return;
    this.minimap.update();
    this.framedAt = now;
  }

  private settle(): void {
    if (this.frame !== 0) return; // It moves on, only slowly.
    this.drawNow("still");
    if (this.pointer) this.hover(this.pointer.x, this.pointer.y);
  }

  private settled(): void {
    document.documentElement.dataset.zoom = this.camera.zoom.toFixed(3);
    this.actions.settled();
  }

  // --- The pointer --------------------------------------------------------------------------

  documentAt(px: number, py: number): number {
    const { camera, mask } = this;
    const reach = Math.max(8, pointRadius(camera, this.data.n) + 4) / camera.scale;
    const accept = (i: number): boolean => mask === null || mask[i] === 1;
    return this.grid.nearest(camera.toMapX(px), camera.toMapY(py), reach, accept);
  }

  hover(px: number, py: number): void {
    this.pointer = { x: px, y: py };
    this.showTooltip(this.documentAt(px, py));
  }

  leave(): void {
    this.pointer = null;
    this.showTooltip(-1);
  }

  /** While the map is magnified under the pointer, what is there changes too fast to be read. */
  waitAt(px: number, py: number): void {
    this.pointer = { x: px, y: py };
    this.showTooltip(-1);
  }

  showTooltip(doc: number): void {
    this.tooltip.show(doc, this.camera);
    this.host.classList.toggle("is-over-point", doc >= 0);
  }

  zoomMiddle(factor: number): void {
    this.camera.flyZoomAt(this.camera.width / 2, this.camera.height / 2, factor);
  }

  flyTo(doc: number): void {
    this.camera.flyTo(this.data.x[doc]!, this.data.y[doc]!, Math.max(this.camera.zoom, 6));
  }

  /** Flies there, unless the place is in sight. */
  flyIntoView(group: { readonly x: number; readonly y: number; readonly box: Box }): void {
    if (!this.camera.isInView(group.x, group.y, 40)) this.camera.flyToBox(group.box);
  }
}
