// Which part of the map is seen. Map coordinates are 0..65535 with y upwards; screen coordinates
// are CSS pixels from the top left corner of the map.

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

const MAX_ZOOM = 400;

export class Camera {
  width = 1;
  height = 1;
  centerX = 32767.5;
  centerY = 32767.5;
  /** Magnification; 1 shows `home`, where nearly all points are. */
  zoom = 1;
  private flight = 0;

  constructor(
    private readonly world: Box,
    private readonly home: Box,
    private readonly onChange: () => void,
  ) {
    this.centerX = (home.left + home.right) / 2;
    this.centerY = (home.bottom + home.top) / 2;
  }

  /** Pixels for one map unit. */
  get scale(): number {
    return this.fitScale(this.home) * this.zoom;
  }

  /** Far enough out to see every last point. */
  private get minZoom(): number {
    return 0.5 * Math.min(1, this.fitScale(this.world) / this.fitScale(this.home));
  }

  private fitScale(box: Box): number {
    const margin = Math.min(64, 0.09 * Math.min(this.width, this.height));
    const across = Math.max(1, this.width - 2 * margin) / Math.max(1, box.right - box.left);
    const along = Math.max(1, this.height - 2 * margin) / Math.max(1, box.top - box.bottom);
    return Math.min(across, along);
  }

  resize(width: number, height: number): void {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
    this.onChange();
  }

  toScreenX(x: number): number {
    return this.width / 2 + (x - this.centerX) * this.scale;
  }
  toScreenY(y: number): number {
    return this.height / 2 - (y - this.centerY) * this.scale;
  }
  toMapX(px: number): number {
    return this.centerX + (px - this.width / 2) / this.scale;
  }
  toMapY(py: number): number {
    return this.centerY - (py - this.height / 2) / this.scale;
  }
  isInView(x: number, y: number, margin = 0): boolean {
    const px = this.toScreenX(x);
    const py = this.toScreenY(y);
    return px >= margin && px <= this.width - margin && py >= margin && py <= this.height - margin;
  }

  set(x: number, y: number, zoom: number): void {
    this.stop();
    this.apply(x, y, zoom);
  }

  private apply(x: number, y: number, zoom: number): void {
    this.centerX = Math.min(Math.max(x, this.world.left), this.world.right);
    this.centerY = Math.min(Math.max(y, this.world.bottom), this.world.top);
    this.zoom = Math.min(Math.max(zoom, this.minZoom), MAX_ZOOM);
    this.onChange();
  }

  panBy(dx: number, dy: number): void {
    this.set(this.centerX - dx / this.scale, this.centerY + dy / this.scale, this.zoom);
  }

  /** Magnifies so that the map point under (px, py) stays there. */
  zoomAt(px: number, py: number, factor: number): void {
    const { x, y, zoom } = this.zoomTarget(px, py, factor);
    this.set(x, y, zoom);
  }

  private zoomTarget(px: number, py: number, factor: number) {
    const zoom = Math.min(Math.max(this.zoom * factor, this.minZoom), MAX_ZOOM);
    const x = this.toMapX(px);
    const y = this.toMapY(py);
    const kept = this.zoom / zoom;
    return { x: x + (this.centerX - x) * kept, y: y + (this.centerY - y) * kept, zoom };
  }

  flyZoomAt(px: number, py: number, factor: number): void {
    const { x, y, zoom } = this.zoomTarget(px, py, factor);
    this.flyTo(x, y, zoom, 220);
  }

  /** Back to the first view at once. */
  resetNow(): void {
    const { left, right, bottom, top } = this.home;
    this.set((left + right) / 2, (bottom + top) / 2, 1);
  }

  reset(): void {
    const { left, right, bottom, top } = this.home;
    this.flyTo((left + right) / 2, (bottom + top) / 2, 1);
  }

  flyToBox(box: Box): void {
    const zoom = (this.fitScale(box) / this.fitScale(this.home)) * 0.8;
    const x = (box.left + box.right) / 2;
    this.flyTo(x, (box.bottom + box.top) / 2, Math.min(Math.max(zoom, 1), 40));
  }

  /** Moves smoothly, or at once for people who asked for less motion. */
  flyTo(x: number, y: number, zoom: number, duration = 650): void {
    this.stop();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.apply(x, y, zoom);
      return;
    }
    const from = { x: this.centerX, y: this.centerY, zoom: this.zoom };
    const start = performance.now();
    const step = (now: number): void => {
      const t = Math.min(1, Math.max(0, (now - start) / duration));
      const eased = t * t * (3 - 2 * t);
      const current = from.zoom * Math.pow(zoom / from.zoom, eased);
      // Moves by the share of the way that keeps the picture steady while it grows or shrinks.
      const along =
        Math.abs(zoom - from.zoom) < 1e-6 * from.zoom
          ? eased
          : (1 / current - 1 / from.zoom) / (1 / zoom - 1 / from.zoom);
      this.apply(from.x + (x - from.x) * along, from.y + (y - from.y) * along, current);
      if (t < 1) this.flight = requestAnimationFrame(step);
    };
    this.flight = requestAnimationFrame(step);
  }

  stop(): void {
    cancelAnimationFrame(this.flight);
  }
}
