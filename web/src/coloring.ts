// What the colour of a point says: its topic, a category, or how much of something.

import { oklch, type Rgb } from "./color";
import { topicName, type Column, type MapData } from "./data";
import { momentName } from "./moments";
import { makePalettes, type Place } from "./palette";
import type { Theme } from "./theme";

export interface Entry {
  readonly code: number;
  readonly name: string;
  readonly count: number;
}

export interface Coloring {
  readonly key: string;
  readonly title: string;
  /** topics and categories have a legend of entries, amounts a scale. */
  readonly kind: "topic" | "category" | "amount";
  /** Index into the colours of every document. */
  readonly codes: ArrayLike<number>;
  readonly colors: Readonly<Record<Theme, readonly Rgb[]>>;
  /** By decreasing count; what has no value last. */
  readonly entries: readonly Entry[];
  /** Amounts: what the two ends of the scale stand for. */
  readonly ends: readonly [string, string] | null;
}

const STEPS = 64;
const GREY: Record<Theme, Rgb> = { light: oklch(0.74, 0.008, 250), dark: oklch(0.47, 0.01, 250) };

/** From a deep blue over green to yellow: lightness rises evenly, so that it reads without hue. */
function ramp(theme: Theme): Rgb[] {
  return Array.from({ length: STEPS }, (_, k) => {
    const t = k / (STEPS - 1);
    const lightness = theme === "dark" ? 0.42 + 0.48 * t : 0.34 + 0.5 * t;
    return oklch(lightness, 0.1 + 0.06 * t, 285 - 195 * t);
  });
}

function counted(codes: ArrayLike<number>, nCodes: number): Uint32Array {
  const counts = new Uint32Array(nCodes);
  for (let i = 0; i < codes.length; i++) counts[codes[i]!]!++;
  return counts;
}

/** The ends of the scale leave out the farthest two percent: a few extremes must not flatten the rest. */
export function scaleEnds(numbers: ArrayLike<number>): [number, number] {
  const present = new Float64Array(numbers.length);
  let n = 0;
  for (let i = 0; i < numbers.length; i++) if (!Number.isNaN(numbers[i]!)) present[n++] = numbers[i]!;
  const sorted = present.subarray(0, n).sort();
  if (sorted.length === 0) return [0, 0];
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return at(0.02) < at(0.98) ? [at(0.02), at(0.98)] : [sorted[0]!, sorted[sorted.length - 1]!];
}

function byAmount(key: string, title: string, numbers: ArrayLike<number>, text: (v: number) => string): Coloring {
  const [low, high] = scaleEnds(numbers);
  const codes = new Uint8Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i]!;
    const t = high > low ? (value - low) / (high - low) : 0.5;
    codes[i] = Number.isNaN(value) ? STEPS : Math.round(Math.min(1, Math.max(0, t)) * (STEPS - 1));
  }
  const colors = {
    light: [...ramp("light"), GREY.light],
    dark: [...ramp("dark"), GREY.dark],
  };
  return { key, title, kind: "amount", codes, colors, entries: [], ends: [text(low), text(high)] };
}

/** Colours of categories are chosen like those of topics: by where most of their documents are. */
function byCategory(data: MapData, column: Column): Coloring {
  const none = column.values.length;
  const codes = new Uint16Array(data.n);
  for (let i = 0; i < data.n; i++) codes[i] = column.codes[i]! < 0 ? none : column.codes[i]!;
  const counts = counted(codes, none + 1);
  const sums = column.values.map(() => ({ x: 0, y: 0 }));
  for (let i = 0; i < data.n; i++) {
    const sum = sums[codes[i]!];
    if (!sum) continue;
    sum.x += data.x[i]!;
    sum.y += data.y[i]!;
  }
  const places: Place[] = sums.map(({ x, y }, k) => ({
    x: x / Math.max(1, counts[k]!),
    y: y / Math.max(1, counts[k]!),
  }));
  const palettes = makePalettes(
    column.values.map((_, k) => ({ id: k, count: counts[k]! })),
    places,
  );
  const entries = [...column.values.keys()]
    .filter((k) => counts[k]! > 0)
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .map((k) => ({ code: k, name: column.values[k]!, count: counts[k]! }));
  if (counts[none]! > 0) entries.push({ code: none, name: "no value", count: counts[none]! });
  const colors = {
    light: [...palettes.light.points, GREY.light],
    dark: [...palettes.dark.points, GREY.dark],
  };
  return { key: column.name, title: column.name, kind: "category", codes, colors, entries, ends: null };
}

function byTopic(data: MapData, colors: Coloring["colors"]): Coloring {
  const counts = counted(data.topic, data.topics.length);
  const entries = data.topics
    .map((topic, code) => ({ code, name: topicName(topic), count: counts[code]!, id: topic.id }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => Number(a.id < 0) - Number(b.id < 0) || b.count - a.count || a.code - b.code);
  return { key: "topic", title: "topic", kind: "topic", codes: data.topic, colors, entries, ends: null };
}

export interface ColorChoice {
  readonly key: string;
  readonly title: string;
}

/** Everything the points can be coloured by. */
export function colorChoices(data: MapData): ColorChoice[] {
  const choices = [{ key: "topic", title: "Topic" }];
  if (data.hasPercent) choices.push({ key: "probability", title: "Probability" });
  for (const { name, kind } of data.columns) {
    if (kind === "category" || kind === "number" || kind === "time") choices.push({ key: name, title: name });
  }
  return choices;
}

export class Colorings {
  private readonly known = new Map<string, Coloring>();

  constructor(
    private readonly data: MapData,
    private readonly topicColors: Coloring["colors"],
  ) {}

  /** The colouring called `key`; by topic where there is none. */
  get(key: string): Coloring {
    const found = this.known.get(key) ?? this.make(key);
    this.known.set(found.key, found);
    return found;
  }

  private make(key: string): Coloring {
    const { data } = this;
    if (key === "probability" && data.hasPercent) {
      const percents = new Float32Array(data.n);
      for (let i = 0; i < data.n; i++) percents[i] = data.percent(i);
      return byAmount(key, "probability", percents, (value) => `${value} %`);
    }
    const column = data.columns.find(({ name }) => name === key);
    if (column?.kind === "category") return byCategory(data, column);
    if (column?.kind === "time") return byAmount(key, key, column.numbers, (v) => momentName(v, column.unit === "hour" ? "day" : column.unit));
    if (column?.kind === "number") {
      return byAmount(key, key, column.numbers, (v) => String(Number(v.toPrecision(3))));
    }
    return this.known.get("topic") ?? byTopic(data, this.topicColors);
  }
}
