// What a person has chosen to see, and its form in the address: #x,y,zoom&topic=3&q=text.

export type Choice =
  | { readonly kind: "none" }
  | { readonly kind: "topic"; readonly topic: number } // Index into data.topics.
  | { readonly kind: "cluster"; readonly layer: number; readonly cluster: number };

export type SortKey = "id" | "name" | "count";

export interface State {
  choice: Choice;
  /** Index of the document in focus, or -1. */
  doc: number;
  query: string;
}

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export function writeHash(state: State, view: View, topicId: (topic: number) => number): string {
  const parts: string[] = [];
  if (Math.abs(view.zoom - 1) > 0.01) {
    parts.push(`at=${Math.round(view.x)},${Math.round(view.y)},${view.zoom.toFixed(2)}`);
  }
  if (state.choice.kind === "topic") parts.push(`topic=${topicId(state.choice.topic)}`);
  if (state.choice.kind === "cluster") {
    parts.push(`cluster=${state.choice.layer},${state.choice.cluster}`);
  }
  if (state.doc >= 0) parts.push(`document=${state.doc}`);
  if (state.query) parts.push(`q=${encodeURIComponent(state.query)}`);
  return parts.length > 0 ? `#${parts.join("&")}` : "";
}

export interface SavedState {
  readonly view: View | null;
  readonly topicId: number | null;
  readonly cluster: readonly [number, number] | null;
  readonly doc: number;
  readonly query: string;
}

export function readHash(hash: string): SavedState {
  const values = new URLSearchParams(hash.replace(/^#/, ""));
  const numbers = (name: string): number[] =>
    (values.get(name) ?? "").split(",").map((part) => (part === "" ? NaN : Number(part)));
  const at = numbers("at");
  const cluster = numbers("cluster");
  const topic = numbers("topic")[0]!;
  const doc = numbers("document")[0]!;
  const areFinite = (list: number[], n: number): boolean =>
    list.length === n && list.every(Number.isFinite);
  return {
    view: areFinite(at, 3) ? { x: at[0]!, y: at[1]!, zoom: at[2]! } : null,
    topicId: Number.isInteger(topic) ? topic : null,
    cluster: areFinite(cluster, 2) ? [cluster[0]!, cluster[1]!] : null,
    doc: Number.isInteger(doc) ? doc : -1,
    query: values.get("q") ?? "",
  };
}
