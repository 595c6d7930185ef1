// Spans of time and amounts that documents are counted in.

import { numberText } from "./data";
import { momentName, type TimeUnit } from "./moments";

const HOUR = 3600000;
const DAY = 24 * HOUR;

export interface Bins {
  /** How long a span is; "number": of amounts. */
  readonly unit: TimeUnit | "number";
  readonly low: number;
  readonly high: number;
  /** First moment of each bin, and the end of the last. */
  readonly edges: readonly number[];
}

function months(from: number, step: number): (ms: number) => number {
  return (ms) => {
    const at = new Date(ms);
    const month = at.getUTCFullYear() * 12 + at.getUTCMonth() - from;
    return Date.UTC(Math.floor((month - (month % step) + from + step) / 12), (month - (month % step) + from + step) % 12);
  };
}

/** Bins that people speak of, from `finest` to decades; at most `most`. */
export function timeBins(low: number, high: number, most = 60, finest: TimeUnit = "hour"): Bins {
  const start = new Date(low);
  const year = start.getUTCFullYear();
  const month = start.getUTCMonth();
  const steps: { unit: TimeUnit; length: number; begin: number; next: (ms: number) => number }[] = [
    { unit: "hour", length: HOUR, begin: Math.floor(low / HOUR) * HOUR, next: (ms) => ms + HOUR },
    { unit: "day", length: DAY, begin: Math.floor(low / DAY) * DAY, next: (ms) => ms + DAY },
    { unit: "week", length: 7 * DAY, begin: Math.floor(low / DAY) * DAY - ((start.getUTCDay() + 6) % 7) * DAY, next: (ms) => ms + 7 * DAY },
    { unit: "month", length: 30.4 * DAY, begin: Date.UTC(year, month), next: months(0, 1) },
    { unit: "quarter", length: 91 * DAY, begin: Date.UTC(year, month - (month % 3)), next: months(0, 3) },
    { unit: "year", length: 365 * DAY, begin: Date.UTC(year, 0), next: months(0, 12) },
    { unit: "decade", length: 3652 * DAY, begin: Date.UTC(year - (year % 10), 0), next: months(0, 120) },
  ];
  const wanted = steps.slice(steps.findIndex(({ unit }) => unit === finest));
  const step = wanted.find(({ length }) => (high - low) / length < most - 1) ?? wanted[wanted.length - 1]!;
  const edges = [step.begin];
  while (edges[edges.length - 1]! <= high && edges.length < 2000) edges.push(step.next(edges[edges.length - 1]!));
  return { unit: step.unit, low, high, edges };
}

export function numberBins(low: number, high: number, n = 40): Bins {
  const step = (high - low) / n || 1;
  return { unit: "number", low, high, edges: Array.from({ length: n + 1 }, (_, k) => low + k * step) };
}

export function binOf({ edges }: Bins, value: number): number {
  let from = 0;
  let to = edges.length - 1;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (edges[middle]! <= value) from = middle;
    else to = middle;
  }
  return from;
}

/** A value as finely as its bin tells. */
export function binName({ unit }: Bins, value: number): string {
  return unit === "number" ? numberText(value) : momentName(value, unit);
}

/** Least and greatest value, or null where there is none. */
export function extentOf(numbers: ArrayLike<number>): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}
