// The whole map in small, with a frame around what is seen; shown while the map is magnified.

import type { Box, Camera } from "./camera";
import type { Rgb } from "./color";
import { byId } from "./dom";
import type { MapData } from "./data";

const WIDTH = 148;
const HEIGHT = 104;

export class Minimap {
  private readonly host = byId("minimap");
  private readonly canvas = byId<HTMLCanvasElement>("minimap-points");
  private readonly frame = byId("minimap-frame");
  private readonly scale: number;

  constructor(
    private readonly data: MapData,
    private readonly box: Box,
    private readonly camera: Camera,
  ) {
    this.scale = Math.min(WIDTH / (box.right - box.left), HEIGHT / (box.top - box.bottom));
    this.canvas.width = WIDTH;
    this.canvas.height = HEIGHT;
    const go = (event: PointerEvent): void => {
      const { left, top } = this.canvas.getBoundingClientRect();
      const [x, y] = this.toMap(event.clientX - left, event.clientY - top);
      this.camera.set(x, y, this.camera.zoom);
    };
    this.host.addEventListener("pointerdown", (event) => {
      this.host.setPointerCapture(event.pointerId);
      go(event);
    });
    this.host.addEventListener("pointermove", (event) => {
      if (event.buttons === 1) go(event);
    });
  }

  private toPixel(x: number, y: number): [number, number] {
    const { left, right, bottom, top } = this.box;
    return [WIDTH / 2 + (x - (left + right) / 2) * this.scale, HEIGHT / 2 - (y - (bottom + top) / 2) * this.scale];
  }
  private toMap(px: number, py: number): [number, number] {
    const { left, right, bottom, top } = this.box;
    return [(left + right) / 2 + (px - WIDTH / 2) / this.scale, (bottom + top) / 2 - (py - HEIGHT / 2) / this.scale];
  }

  setStyle(codes: ArrayLike<number>, colors: readonly Rgb[]): void {
    const context = this.canvas.getContext("2d");
    if (!context) return;
    const image = context.createImageData(WIDTH, HEIGHT);
    const step = Math.max(1, Math.floor(this.data.n / 60000));
    for (let i = 0; i < this.data.n; i += step) {
      const [px, py] = this.toPixel(this.data.x[i]!, this.data.y[i]!);
      const column = Math.floor(px);
      const row = Math.floor(py);
      if (column < 0 || row < 0 || column >= WIDTH || row >= HEIGHT) continue;
      const color = colors[codes[i]!]!;
      const at = 4 * (row * WIDTH + column);
      for (let c = 0; c < 3; c++) image.data[at + c] = color[c]! * 255;
      image.data[at + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  update(): void {
    const { camera } = this;
    this.host.hidden = camera.zoom < 1.25;
    if (this.host.hidden) return;
    const [left, top] = this.toPixel(camera.toMapX(0), camera.toMapY(0));
    const [right, bottom] = this.toPixel(camera.toMapX(camera.width), camera.toMapY(camera.height));
    const { style } = this.frame;
    style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
    style.width = `${Math.max(4, right - left).toFixed(1)}px`;
    style.height = `${Math.max(4, bottom - top).toFixed(1)}px`;
  }
}
