// The document under the pointer, and the ring around its point.

import type { Camera } from "./camera";
import type { MapData } from "./data";
import { byId, element, number } from "./dom";
import { documentCard } from "./document_card";
import type { PointGrid } from "./grid";
import { pointRadius } from "./points";

export class Tooltip {
  private readonly box = byId("tooltip");
  private readonly ring = byId("ring");
  private readonly focusRing = byId("focus-ring");
  private doc = -1;

  constructor(
    private readonly data: MapData,
    private readonly grid: PointGrid,
  ) {}

  show(doc: number, camera: Camera): void {
    if (doc < 0) {
      this.hide();
      return;
    }
    if (doc !== this.doc) {
      this.doc = doc;
      const card = documentCard(this.data, doc, { showTopic: true, metadata: true });
      const others = this.grid.countAt(doc) - 1;
      if (others > 0) {
        card.append(element("div", { class: "card-others" }, `${number(others)} more at this place`));
      }
      this.box.replaceChildren(card);
      this.box.classList.add("is-shown");
      this.ring.classList.add("is-shown");
      this.ring.dataset.topic = String(this.data.topic[doc]);
    }
    this.place(camera);
  }

  hide(): void {
    if (this.doc < 0) return;
    this.doc = -1;
    this.box.classList.remove("is-shown");
    this.ring.classList.remove("is-shown");
  }

  /** A document that was filtered out is not pointed at any more. */
  hideUnlessIn(mask: Uint8Array | null): void {
    if (this.doc >= 0 && mask && mask[this.doc] === 0) this.hide();
  }

  /** Follows the map. */
  place(camera: Camera): void {
    if (this.doc < 0) return;
    const { x, y } = this.placeRing(this.ring, this.doc, camera);
    const width = this.box.offsetWidth;
    const height = this.box.offsetHeight;
    const gap = 14;
    const right = x + gap + width <= camera.width - 8;
    const left = right ? x + gap : x - gap - width >= 8 ? x - gap - width : (camera.width - width) / 2;
    const isBeside = right || x - gap - width >= 8;
    let top = isBeside ? y - height / 2 : y + gap;
    if (!isBeside && top + height > camera.height - 8) top = y - gap - height;
    top = Math.min(Math.max(8, top), Math.max(8, camera.height - height - 8));
    this.box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  private placeRing(ring: HTMLElement, doc: number, camera: Camera): { x: number; y: number } {
    const x = camera.toScreenX(this.data.x[doc]!);
    const y = camera.toScreenY(this.data.y[doc]!);
    const radius = pointRadius(camera, this.data.n) + 4;
    ring.style.width = ring.style.height = `${2 * radius}px`;
    ring.style.transform = `translate(${x - radius}px, ${y - radius}px)`;
    return { x, y };
  }

  placeFocus(doc: number, camera: Camera): void {
    this.focusRing.classList.toggle("is-shown", doc >= 0);
    if (doc >= 0) this.placeRing(this.focusRing, doc, camera);
  }
}
