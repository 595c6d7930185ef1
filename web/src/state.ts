// What a person has chosen to see, and its form in the address:
// #at=x,y,zoom&topic=3&color=label&hide=...&range=...&q=text.

export type Choice =
  | { readonly kind: "none" }
  | { readonly kind: "topic"; readonly topic: number } // Index into data.topics.
  | { readonly kind: "cluster"; readonly layer: number; readonly cluster: number }
  | { readonly kind: "branch"; readonly node: number } // Of the hierarchy.
  | { readonly kind: "area"; readonly outline: readonly number[] }; // x, y, x, y … on the map.

export type SortKey = "id" | "name" | "count";

/** Values of a number or time column between two ends, both included. */
export interface Range {
  readonly column: number;
  readonly low: number;
  readonly high: number;
}

export interface State {
  choice: Choice;
  /** Index of the document in focus, or -1. */
  doc: number;
  query: string;
  /** "topic", "probability" or the name of a column. */
  color: string;
  /** Codes of the legend that are switched off; -1: without a value. */
  hidden: ReadonlySet<number>;
  range: Range | null;
  tab: string;
  /** Which picture of the tab. */
  part: number;
  hasContours: boolean;
}

export const NO_CHOICE: Choice = { kind: "none" };

export const START: State = {
  choice: NO_CHOICE,
  doc: -1,
  query: "",
  color: "topic",
  hidden: new Set(),
  range: null,
  tab: "topics",
  part: 0,
  hasContours: false,
};

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

function choicePart(choice: Choice, topicId: (topic: number) => number): string[] {
  switch (choice.kind) {
    case "none":
      return [];
    case "topic":
      return [`topic=${topicId(choice.topic)}`];
    case "cluster":
      return [`cluster=${choice.layer},${choice.cluster}`];
    case "branch":
      return [`branch=${choice.node}`];
    case "area":
      return [`area=${choice.outline.map(Math.round).join(",")}`];
  }
}

export function writeHash(state: State, view: View, topicId: (topic: number) => number): string {
  const parts: string[] = [];
  if (Math.abs(view.zoom - 1) > 0.01) {
    parts.push(`at=${Math.round(view.x)},${Math.round(view.y)},${view.zoom.toFixed(2)}`);
  }
  parts.push(...choicePart(state.choice, topicId));
  if (state.doc >= 0) parts.push(`document=${state.doc}`);
  if (state.color !== START.color) parts.push(`color=${encodeURIComponent(state.color)}`);
  if (state.hidden.size > 0) parts.push(`hide=${[...state.hidden].sort((a, b) => a - b).join(",")}`);
  if (state.range) parts.push(`range=${state.range.column},${state.range.low},${state.range.high}`);
  if (state.tab !== START.tab) parts.push(`tab=${state.tab}`);
  if (state.part > 0) parts.push(`part=${state.part}`);
  if (state.hasContours) parts.push("contours=1");
  if (state.query) parts.push(`q=${encodeURIComponent(state.query)}`);
  return parts.length > 0 ? `#${parts.join("&")}` : "";
}

export interface SavedState {
  readonly view: View | null;
  readonly topicId: number | null;
  readonly cluster: readonly [number, number] | null;
  readonly branch: number | null;
  readonly area: readonly number[] | null;
  readonly doc: number;
  readonly query: string;
  readonly color: string;
  readonly hidden: ReadonlySet<number>;
  readonly range: Range | null;
  readonly tab: string;
  readonly part: number;
  readonly hasContours: boolean;
}

export function readHash(hash: string): SavedState {
  const values = new URLSearchParams(hash.replace(/^#/, ""));
  const numbers = (name: string): number[] => {
    const text = values.get(name) ?? "";
    return text === "" ? [] : text.split(",").map((part) => (part === "" ? NaN : Number(part)));
  };
  const areFinite = (list: number[], n = list.length): boolean =>
    list.length === n && list.length > 0 && list.every(Number.isFinite);
  const at = numbers("at");
  const cluster = numbers("cluster");
  const area = numbers("area");
  const range = numbers("range");
  const whole = (name: string): number | null => {
    const [value] = numbers(name);
    return value !== undefined && Number.isInteger(value) ? value : null;
  };
  return {
    view: areFinite(at, 3) ? { x: at[0]!, y: at[1]!, zoom: at[2]! } : null,
    topicId: whole("topic"),
    cluster: areFinite(cluster, 2) ? [cluster[0]!, cluster[1]!] : null,
    branch: whole("branch"),
    area: areFinite(area) && area.length >= 6 && area.length % 2 === 0 ? area : null,
    doc: whole("document") ?? -1,
    query: values.get("q") ?? "",
    color: values.get("color") ?? START.color,
    hidden: new Set(numbers("hide").filter(Number.isInteger)),
    range: areFinite(range, 3) ? { column: range[0]!, low: range[1]!, high: range[2]! } : null,
    tab: values.get("tab") ?? START.tab,
    part: whole("part") ?? START.part,
    hasContours: values.get("contours") === "1",
  };
}
