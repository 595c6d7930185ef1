// Mouse, keys and buttons of the map, and what each of them asks for.

import { byId } from "./dom";
import type { MapView } from "./map_view";
import { CLICK_SLOP, onMapKey, startGestures } from "./pointer";
import { startSelecting, type Tool } from "./selection";

export interface MapActions {
  clickMap(px: number, py: number): void;
  chooseArea(outline: readonly number[]): void;
  /** The outline of a selection that is being drawn; empty: given up. */
  previewArea(outline: readonly number[]): void;
  clearChoice(): void;
  clearFilters(): void;
  toggleContours(): void;
}

export class MapControls {
  private tool: Tool = "move";

  constructor(
    private readonly view: MapView,
    private readonly actions: MapActions,
  ) {
    const { canvas, camera } = view;
    startSelecting(canvas, camera, () => this.tool, {
      preview: (outline) => {
        view.showTooltip(-1);
        actions.previewArea(outline);
      },
      choose: (outline) => this.choose(outline),
    });
    startGestures(canvas, camera, {
      onHover: (px, py, isTouch) => {
        if (!isTouch && this.tool === "move") view.hover(px, py);
      },
      onLeave: () => view.leave(),
      onWheel: (px, py) => view.waitAt(px, py),
      onClick: (px, py) => actions.clickMap(px, py),
    });
    canvas.addEventListener("keydown", (event) => {
      if (!onMapKey(event, camera) && event.key === "Enter") this.chooseView();
    });
    this.listenOnLabels();
    this.listenOnButtons();
  }

  get isSelecting(): boolean {
    return this.tool !== "move";
  }

  /** The same tool again puts it away. */
  setTool(tool: Tool): void {
    this.tool = this.tool === tool ? "move" : tool;
    byId("tool-box").setAttribute("aria-pressed", String(this.tool === "box"));
    byId("tool-lasso").setAttribute("aria-pressed", String(this.tool === "lasso"));
    this.view.host.classList.toggle("is-selecting", this.isSelecting);
    this.view.leave();
  }

  putToolAway(): void {
    if (this.isSelecting) this.setTool(this.tool);
  }

  private choose(outline: readonly number[]): void {
    this.putToolAway();
    this.actions.chooseArea(outline);
  }

  /** What is in view, for people without a mouse. */
  private chooseView(): void {
    const { camera } = this.view;
    const [left, right] = [camera.toMapX(0), camera.toMapX(camera.width)];
    const [top, bottom] = [camera.toMapY(0), camera.toMapY(camera.height)];
    this.choose([left, top, right, top, right, bottom, left, bottom]);
  }

  private listenOnButtons(): void {
    const { view, actions } = this;
    const on = (id: string, act: () => void): void => byId(id).addEventListener("click", act);
    on("zoom-in", () => view.zoomMiddle(1.8));
    on("zoom-out", () => view.zoomMiddle(1 / 1.8));
    on("zoom-reset", () => view.camera.reset());
    on("clear", () => actions.clearChoice());
    on("clear-filters", () => actions.clearFilters());
    on("tool-box", () => this.setTool("box"));
    on("tool-lasso", () => this.setTool("lasso"));
    on("contours", () => actions.toggleContours());
  }

  /** Names lie over the points: what is not a click on a name is meant for the map below. */
  private listenOnLabels(): void {
    const { view } = this;
    const labels = byId("labels");
    let pressed: PointerEvent | null = null;
    // The map takes over: it captures the pointer, so that what follows goes there by itself.
    const handOver = (event: PointerEvent): void => {
      pressed = null;
      view.canvas.dispatchEvent(new PointerEvent("pointerdown", event));
    };
    labels.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      if (this.isSelecting || event.shiftKey) handOver(event);
      else pressed = event;
    });
    labels.addEventListener("pointerup", () => (pressed = null));
    labels.addEventListener("pointermove", (event) => {
      if (pressed && event.buttons === 1) {
        const travelled = Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY);
        if (travelled > CLICK_SLOP) handOver(pressed);
        return;
      }
      if (event.pointerType === "touch" || this.isSelecting) return;
      const frame = view.host.getBoundingClientRect();
      view.hover(event.clientX - frame.left, event.clientY - frame.top);
    });
    labels.addEventListener("pointerout", (event) => {
      const to = event.relatedTarget;
      if (!(to instanceof Node && view.host.contains(to))) view.leave();
    });
    const forward = (event: WheelEvent): void => {
      event.preventDefault();
      view.canvas.dispatchEvent(new WheelEvent("wheel", event));
    };
    labels.addEventListener("wheel", forward, { passive: false });
  }
}
