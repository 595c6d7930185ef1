// The address of the page follows what is shown, and "back" undoes a step.

import { readHash, type SavedState } from "./state";

export class Address {
  private isRead = false;
  private isHeld = false;

  /** `hashNow`: what the address should say, from "#" on; "" for the first view. */
  constructor(private readonly hashNow: () => string) {}

  read(): SavedState {
    this.isRead = true;
    return readHash(location.hash);
  }

  /** While a range or a query is being made, the address stays: what is not finished is no step. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
  }

  /** A step can be taken back; anything else replaces the address. */
  write(isStep: boolean): void {
    if (!isStep && this.isHeld) return;
    if (!this.isRead) return; // What the address says has yet to be read.
    const hash = this.hashNow();
    if (hash === location.hash) return;
    const address = hash || location.pathname + location.search;
    try {
      if (isStep) history.pushState(null, "", address);
      else history.replaceState(null, "", address);
    } catch {
      // Some browsers forbid it for pages opened from disk; the page works without.
    }
  }
}
