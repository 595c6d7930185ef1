// The map as a file: pixels for PNG and paper, lines and text for SVG.

import type { MapData } from "./data";
import { element } from "./dom";
import { drawPicture, savePicture, saveVector, vectorPicture } from "./export";
import type { MapView } from "./map_view";
import { pointOpacity, type PointStyle } from "./points";

/** Draws what is seen on `target`, with or without names and lines. */
export function drawMapOn(target: HTMLCanvasElement, view: MapView, isPlain = false): void {
  // In the same task as the drawing: afterwards the WebGL canvas may be empty.
  view.drawNow("now");
  const points = view.renderer?.picture();
  const overlay = { canvas: view.overlay.canvas, left: 0, top: 0 };
  const layers = points ? [points] : [];
  if (!isPlain && !overlay.canvas.hidden) layers.push(overlay);
  const labels = isPlain ? [] : view.labels.shown().map(({ element: label }) => label);
  drawPicture(target, layers, labels, view.host);
}

export function saveMapPicture(view: MapView): void {
  const picture = element("canvas");
  drawMapOn(picture, view);
  savePicture(picture);
}

export function saveMapVector(view: MapView, data: MapData, style: PointStyle, mask: Uint8Array | null): void {
  const raster = element("canvas");
  drawMapOn(raster, view, true);
  saveVector(
    vectorPicture({
      data,
      camera: view.camera,
      codes: style.codes,
      colors: style.colors,
      dim: style.dim,
      mask,
      opacity: pointOpacity(view.camera, data.n),
      contours: view.overlay.contourPaths(view.camera),
      labels: view.labels.shown().map(({ element: label }) => label),
      host: view.host,
      raster,
    }),
  );
}
