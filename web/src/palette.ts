// A colour for every topic: the hue turns with the direction from the middle of the map, so that
// regions share a family of colours, and neighbours are kept apart in hue or lightness.

import { css, difference, oklch, type Rgb } from "./color";
import { OUTLIERS } from "./data";

export interface Palette {
  readonly points: readonly Rgb[];
  /** For text and marks on the page's background. */
  readonly text: readonly string[];
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A topic or category: its id (below zero: grey) and how many documents it has. */
export interface Counted {
  readonly id: number;
  readonly count: number;
}

const HUES = 18;
const NEAREST = 24;

interface Candidate {
  readonly hue: number;
  readonly level: number;
  readonly light: Rgb;
  readonly dark: Rgb;
}

function makeCandidates(): Candidate[] {
  const candidates: Candidate[] = [];
  const levels = [
    { light: 0.58, dark: 0.72, chroma: 0.16 },
    { light: 0.72, dark: 0.83, chroma: 0.135 },
    { light: 0.46, dark: 0.61, chroma: 0.13 },
  ];
  levels.forEach((level, k) => {
    for (let h = 0; h < HUES; h++) {
      const hue = (h * 360) / HUES + 20;
      candidates.push({
        hue,
        level: k,
        light: oklch(level.light, level.chroma, hue),
        dark: oklch(level.dark, level.chroma, hue),
      });
    }
  });
  return candidates;
}

function angleBetween(a: number, b: number): number {
  const d = Math.abs(a - b) % 360;
  return d > 180 ? 360 - d : d;
}

/** Directions spread evenly over the circle in their order: few topics still get all hues. */
function evenHues(places: readonly Place[], ids: readonly number[]): Map<number, number> {
  const centerX = ids.reduce((sum, i) => sum + places[i]!.x, 0) / Math.max(1, ids.length);
  const centerY = ids.reduce((sum, i) => sum + places[i]!.y, 0) / Math.max(1, ids.length);
  const angle = (i: number): number => Math.atan2(places[i]!.y - centerY, places[i]!.x - centerX);
  const order = [...ids].sort((a, b) => angle(a) - angle(b) || a - b);
  const hues = new Map<number, number>();
  order.forEach((i, rank) => {
    const own = ((angle(i) * 180) / Math.PI + 360) % 360;
    const even = (rank * 360) / order.length;
    // The shorter way round from the true direction, half of it.
    const turn = ((even - own + 540) % 360) - 180;
    hues.set(i, (own + turn * 0.5 + 360) % 360);
  });
  return hues;
}

/** The `NEAREST` of `done` around place `i`, nearest first. */
function nearest(places: readonly Place[], i: number, done: readonly number[]): { j: number; d: number }[] {
  const near: { j: number; d: number }[] = [];
  for (const j of done) {
    const d = Math.hypot(places[i]!.x - places[j]!.x, places[i]!.y - places[j]!.y) / 65535;
    if (near.length === NEAREST && d >= near[NEAREST - 1]!.d) continue;
    let at = near.length;
    while (at > 0 && near[at - 1]!.d > d) at--;
    near.splice(at, 0, { j, d });
    if (near.length > NEAREST) near.pop();
  }
  return near;
}

function choose(topics: readonly Counted[], places: readonly Place[]): (Candidate | null)[] {
  const candidates = makeCandidates();
  const apart = candidates.map((a) => candidates.map((b) => difference(a.light, b.light)));
  const ids = topics.map((_, i) => i).filter((i) => topics[i]!.id !== OUTLIERS);
  const hues = evenHues(places, ids);
  const order = [...ids].sort((a, b) => topics[b]!.count - topics[a]!.count || a - b);
  const chosen = new Array<number>(topics.length).fill(-1);
  const done: number[] = [];
  for (const i of order) {
    const near = nearest(places, i, done);
    let best = 0;
    let bestScore = -Infinity;
    candidates.forEach((candidate, c) => {
      const off = angleBetween(candidate.hue, hues.get(i)!) / 180;
      let closest = 0.35;
      for (const { j, d } of near) {
        closest = Math.min(closest, apart[c]![chosen[j]!]! * (1 + 5 * d) + 0.1 * d);
      }
      const score = closest - 0.11 * off - 0.012 * candidate.level;
      if (score > bestScore) {
        bestScore = score;
        best = c;
      }
    });
    chosen[i] = best;
    done.push(i);
  }
  return chosen.map((c) => (c < 0 ? null : candidates[c]!));
}

export function makePalettes(
  topics: readonly Counted[],
  places: readonly Place[],
): { light: Palette; dark: Palette } {
  const chosen = choose(topics, places);
  const grey = { light: oklch(0.74, 0.008, 250), dark: oklch(0.47, 0.01, 250) };
  const textLightness = [0.47, 0.5, 0.38];
  return {
    light: {
      points: chosen.map((c) => c?.light ?? grey.light),
      text: chosen.map((c) =>
        c ? css(oklch(textLightness[c.level]!, 0.12, c.hue)) : "var(--ink-soft)",
      ),
    },
    dark: {
      points: chosen.map((c) => c?.dark ?? grey.dark),
      text: chosen.map((c) => (c ? css(oklch(0.84, 0.085, c.hue)) : "var(--ink-soft)")),
    },
  };
}
