// Finds the document under the pointer: documents sorted into the cells of a square grid.

const CELL_BITS = 8; // 65536 map units are 256 cells of 256 units.
const SIDE = 1 << (16 - CELL_BITS);

export class PointGrid {
  private readonly starts: Uint32Array;
  private readonly members: Uint32Array;

  constructor(
    private readonly x: Uint16Array,
    private readonly y: Uint16Array,
  ) {
    const counts = new Uint32Array(SIDE * SIDE + 1);
    const cell = (i: number): number => (y[i]! >> CELL_BITS) * SIDE + (x[i]! >> CELL_BITS);
    for (let i = 0; i < x.length; i++) counts[cell(i) + 1]!++;
    for (let c = 0; c < SIDE * SIDE; c++) counts[c + 1]! += counts[c]!;
    this.starts = counts.slice();
    this.members = new Uint32Array(x.length);
    for (let i = 0; i < x.length; i++) this.members[counts[cell(i)]!++] = i;
  }

  /** The nearest accepted document within `radius` map units, or -1. */
  nearest(x: number, y: number, radius: number, accept: (i: number) => boolean): number {
    const low = (v: number): number => Math.max(0, Math.floor((v - radius) / (1 << CELL_BITS)));
    const high = (v: number): number =>
      Math.min(SIDE - 1, Math.floor((v + radius) / (1 << CELL_BITS)));
    let best = -1;
    let bestSquare = radius * radius;
    for (let row = low(y); row <= high(y); row++) {
      for (let column = low(x); column <= high(x); column++) {
        const c = row * SIDE + column;
        for (let k = this.starts[c]!; k < this.starts[c + 1]!; k++) {
          const i = this.members[k]!;
          const square = (this.x[i]! - x) ** 2 + (this.y[i]! - y) ** 2;
          if (square <= bestSquare && accept(i)) {
            best = i;
            bestSquare = square;
          }
        }
      }
    }
    return best;
  }

  /** How many documents lie exactly where document `i` does, itself included. */
  countAt(i: number): number {
    const x = this.x[i]!;
    const y = this.y[i]!;
    const c = (y >> CELL_BITS) * SIDE + (x >> CELL_BITS);
    let count = 0;
    for (let k = this.starts[c]!; k < this.starts[c + 1]!; k++) {
      const j = this.members[k]!;
      if (this.x[j] === x && this.y[j] === y) count++;
    }
    return count;
  }
}
