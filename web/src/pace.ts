// Whether the browser keeps up: frames may be late for what the page cannot see, such as laying many
// layers over each other without a graphics card.

const LATE_MS = 24; // From asking for a frame to being given it; a screen of 60 Hz takes up to 17.
const LEAST_FRAMES = 5;
const FORGOTTEN_MS = 20000;

export class Pace {
  private wait = 0;
  private frames = 0;
  private strainedAt = -Infinity;

  /** To be called for every frame of a movement: when it was asked for, and when it came. */
  tick(asked: number, came: number): void {
    this.wait = 0.75 * this.wait + 0.25 * (came - asked);
    this.frames++;
    if (this.frames >= LEAST_FRAMES && this.wait > LATE_MS) this.strainedAt = came;
  }

  /** True for a while after frames were late. */
  isStrained(now: number): boolean {
    return now - this.strainedAt < FORGOTTEN_MS;
  }
}
