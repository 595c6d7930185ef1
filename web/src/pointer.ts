// Mouse, touch and keyboard on the map.

import type { Camera } from "./camera";
import { Frame } from "./frame";

export interface MapGestures {
  onHover(px: number, py: number, isTouch: boolean): void;
  onLeave(): void;
  onWheel(px: number, py: number): void;
  onClick(px: number, py: number): void;
}

interface Finger {
  x: number;
  y: number;
}

/** Pixels; who moves the pointer less wanted to click. */
export const CLICK_SLOP = 5;

export function startGestures(host: HTMLElement, camera: Camera, gestures: MapGestures): void {
  const fingers = new Map<number, Finger>();
  let travelled = 0;
  const frame = new Frame(host);
  const local = (event: MouseEvent): Finger => frame.local(event);

  host.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    host.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, local(event));
    travelled = fingers.size > 1 ? CLICK_SLOP + 1 : 0;
    camera.stop();
  });
  host.addEventListener("pointermove", (event) => {
    const to = local(event);
    const from = fingers.get(event.pointerId);
    if (!from) {
      gestures.onHover(to.x, to.y, event.pointerType === "touch");
      return;
    }
    travelled += Math.hypot(to.x - from.x, to.y - from.y);
    if (fingers.size === 1 && travelled > CLICK_SLOP) {
      gestures.onLeave();
      host.classList.add("is-dragged");
      camera.panBy(to.x - from.x, to.y - from.y);
    } else if (fingers.size === 2) {
      pinch(event.pointerId, from, to);
    }
    if (fingers.size > 1 || travelled > CLICK_SLOP) fingers.set(event.pointerId, to);
  });
  const lift = (event: PointerEvent): void => {
    if (!fingers.delete(event.pointerId)) return;
    host.classList.remove("is-dragged");
    if (event.type === "pointerup" && fingers.size === 0 && travelled <= CLICK_SLOP) {
      const at = local(event);
      gestures.onClick(at.x, at.y);
    }
  };
  host.addEventListener("pointerup", lift);
  host.addEventListener("pointercancel", lift);
  host.addEventListener("pointerleave", () => gestures.onLeave());

  function pinch(id: number, from: Finger, to: Finger): void {
    for (const [otherId, other] of fingers) {
      if (otherId === id) continue;
      const before = Math.hypot(from.x - other.x, from.y - other.y);
      const after = Math.hypot(to.x - other.x, to.y - other.y);
      camera.panBy((to.x - from.x) / 2, (to.y - from.y) / 2);
      if (before > 0) {
        camera.zoomAt((to.x + other.x) / 2, (to.y + other.y) / 2, after / before);
      }
    }
  }

  host.addEventListener("dblclick", (event) => {
    const at = local(event);
    camera.flyZoomAt(at.x, at.y, event.shiftKey ? 0.5 : 2);
  });
  host.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 18 : 1;
      // Pinching on a touchpad arrives as a wheel with Ctrl held, in smaller steps.
      const speed = event.ctrlKey ? 0.01 : 0.0018;
      const at = local(event);
      camera.stop();
      camera.zoomAt(at.x, at.y, Math.exp(-event.deltaY * lines * speed));
      gestures.onWheel(at.x, at.y);
    },
    { passive: false },
  );
}

/** Arrow keys pan, + and - zoom, 0 shows all. Returns whether the key meant something. */
export function onMapKey(event: KeyboardEvent, camera: Camera): boolean {
  const step = event.shiftKey ? 240 : 80;
  const middle: [number, number] = [camera.width / 2, camera.height / 2];
  const actions: Record<string, () => void> = {
    ArrowLeft: () => camera.panBy(step, 0),
    ArrowRight: () => camera.panBy(-step, 0),
    ArrowUp: () => camera.panBy(0, step),
    ArrowDown: () => camera.panBy(0, -step),
    "+": () => camera.flyZoomAt(...middle, 1.6),
    "=": () => camera.flyZoomAt(...middle, 1.6),
    "-": () => camera.flyZoomAt(...middle, 1 / 1.6),
    "0": () => camera.reset(),
  };
  const action = actions[event.key];
  if (!action || event.ctrlKey || event.metaKey || event.altKey) return false;
  event.preventDefault();
  action();
  return true;
}
