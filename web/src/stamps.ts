// Discs as they lie on pixels.

const FRACTIONS = 4; // Positions inside a pixel, each way, that have their own stamp.
const KEPT = 4;

export interface StampSet {
  /** Pixels, each way. */
  readonly side: number;
  readonly fractions: number;
  /** How much of each pixel a disc covers, 0..256, for every position of its middle, row by row. */
  readonly stamps: readonly Uint16Array[];
}

export function makeStamps(radius: number, opacity: number): StampSet {
  const side = Math.ceil(2 * radius + 1.5);
  const stamps: Uint16Array[] = [];
  const most = 256 * opacity * Math.min(1, 4 * radius * radius);
  for (let fy = 0; fy < FRACTIONS; fy++) {
    for (let fx = 0; fx < FRACTIONS; fx++) {
      const stamp = new Uint16Array(side * side);
      const x = (side - 1) / 2 + (fx + 0.5) / FRACTIONS;
      const y = (side - 1) / 2 + (fy + 0.5) / FRACTIONS;
      for (let row = 0; row < side; row++) {
        for (let column = 0; column < side; column++) {
          const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
          const cover = Math.min(1, Math.max(0, radius + 0.5 - distance));
          stamp[row * side + column] = Math.round(most * cover);
        }
      }
      stamps.push(stamp);
    }
  }
  return { side, fractions: FRACTIONS, stamps };
}

/** The last few that were made. */
export class Stamps {
  private readonly made = new Map<string, StampSet>();

  get(radius: number, opacity: number): StampSet {
    const key = `${radius.toFixed(2)} ${opacity.toFixed(3)}`;
    const found = this.made.get(key) ?? makeStamps(radius, opacity);
    this.made.delete(key);
    this.made.set(key, found);
    if (this.made.size > KEPT) this.made.delete(this.made.keys().next().value!);
    return found;
  }
}
