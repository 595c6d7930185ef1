// What is drawn between points and names: lines of density and the outline of a selection.

import type { Box, Camera } from "./camera";
import { contourLevels, contourSegments, density } from "./contours";
import { byId } from "./dom";
import type { MapData } from "./data";

export class Overlay {
  readonly canvas = byId<HTMLCanvasElement>("overlay");
  private readonly context = this.canvas.getContext("2d");
  private lines: Float32Array[] = [];
  private outline: readonly number[] = [];
  private isUsed = false;

  constructor(
    private readonly data: MapData,
    private readonly box: Box,
  ) {}

  setContours(isOn: boolean, mask: Uint8Array | null): void {
    this.lines = [];
    if (!isOn || this.data.n === 0) return;
    const smooth = density(this.data.x, this.data.y, this.box, mask);
    this.lines = contourLevels(smooth.values).map((level) => contourSegments(smooth, level));
  }

  /** x, y, x, y … on the map; empty: none. */
  setOutline(outline: readonly number[]): void {
    this.outline = outline;
  }

  draw(camera: Camera, ratio: number): void {
    const { canvas, context } = this;
    const isUsed = this.lines.length > 0 || this.outline.length > 0;
    // An empty canvas would still have to be laid over the map in every frame.
    if (isUsed !== this.isUsed) canvas.hidden = !isUsed;
    this.isUsed = isUsed;
    if (!isUsed || !context) return;
    const width = Math.round(camera.width * ratio);
    const height = Math.round(camera.height * ratio);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, camera.width, camera.height);
    this.paint(context, camera);
  }

  paint(context: CanvasRenderingContext2D, camera: Camera): void {
    const style = getComputedStyle(document.documentElement);
    context.strokeStyle = style.getPropertyValue("--contour").trim();
    this.lines.forEach((segments, k) => {
      context.lineWidth = 0.7 + (0.7 * k) / Math.max(1, this.lines.length - 1);
      context.beginPath();
      for (let s = 0; s < segments.length; s += 4) {
        context.moveTo(camera.toScreenX(segments[s]!), camera.toScreenY(segments[s + 1]!));
        context.lineTo(camera.toScreenX(segments[s + 2]!), camera.toScreenY(segments[s + 3]!));
      }
      context.stroke();
    });
    if (this.outline.length < 4) return;
    context.beginPath();
    for (let k = 0; k < this.outline.length; k += 2) {
      context.lineTo(camera.toScreenX(this.outline[k]!), camera.toScreenY(this.outline[k + 1]!));
    }
    context.closePath();
    context.fillStyle = style.getPropertyValue("--area").trim();
    context.fill();
    context.strokeStyle = style.getPropertyValue("--accent").trim();
    context.lineWidth = 1.5;
    context.setLineDash([5, 4]);
    context.stroke();
    context.setLineDash([]);
  }

  /** For pictures made of lines: paths in screen coordinates. */
  contourPaths(camera: Camera): string[] {
    return this.lines.map((segments) => {
      let path = "";
      for (let s = 0; s < segments.length; s += 4) {
        const at = (k: number): string =>
          `${camera.toScreenX(segments[s + k]!).toFixed(1)} ${camera.toScreenY(segments[s + k + 1]!).toFixed(1)}`;
        path += `M${at(0)}L${at(2)}`;
      }
      return path;
    });
  }
}
