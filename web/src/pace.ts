// Whether the browser keeps up: frames may be late for what the page cannot see, such as laying many
// layers over each other without a graphics card.

const LATE_MS = 18; // From frame to frame, as a mean; a screen of 60 Hz takes 16.7.
const PROMPT_MS = 14; // A frame asked for later than this after the last one follows a pause.
const LEAST_FRAMES = 5;
const FORGOTTEN_MS = 20000;

export class Pace {
  private last = -Infinity;
  private interval = 16;
  private frames = 0;
  private strainedAt = -Infinity;

  /** To be called for every frame of a movement: when it was asked for, and when it came. */
  tick(asked: number, came: number): void {
    const isPrompt = asked - this.last < PROMPT_MS;
    if (isPrompt) {
      this.interval = 0.95 * this.interval + 0.05 * (came - this.last);
      this.frames++;
    }
    this.last = came;
    if (this.frames >= LEAST_FRAMES && this.interval > LATE_MS) this.strainedAt = came;
  }

  /** True for a while after frames were late. */
  isStrained(now: number): boolean {
    return now - this.strainedAt < FORGOTTEN_MS;
  }
}
