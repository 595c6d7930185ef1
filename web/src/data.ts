// What the page shows, decoded from the two data elements that the engine wrote.

import { momentName, resolutionOf, type TimeUnit } from "./moments";

export interface Topic {
  readonly id: number;
  readonly count: number;
  readonly label: string;
  readonly words: readonly (readonly [string, number])[];
  /** Documents by their index on the page. */
  readonly representatives: readonly number[];
}

export interface Layer {
  readonly names: readonly string[];
  /** Cluster of each document, -1: none. */
  readonly labels: Int32Array;
}

export type ColumnKind = "category" | "number" | "time" | "link" | "text";

/** What is known about the documents besides text and topic. */
export interface Column {
  readonly name: string;
  /** label, class, time, id or "". */
  readonly role: string;
  readonly kind: ColumnKind;
  /** category: the values, most frequent first. */
  readonly values: readonly string[];
  /** category: index into `values`, -1: missing. */
  readonly codes: Int32Array;
  /** number, or time in milliseconds since 1970; NaN: missing. */
  readonly numbers: Float32Array | Float64Array;
  /** time: how finely the moments are given. */
  readonly unit: TimeUnit;
}

export interface Measure {
  readonly name: string;
  readonly help: string;
  /** By topic; null: none. */
  readonly values: readonly (number | null)[];
}

type Entries = Record<string, [string, number, number]>;

interface Description {
  schema: number;
  title: string;
  n_documents: number;
  n_placed: number;
  topics: Topic[];
  layers: string[][];
  columns: { name: string; role: string; kind: ColumnKind; values: string[] }[];
  n_members: number;
  measures: Measure[];
  facts: [string, string][];
  provenance: [string, string][];
  arrays: Entries;
  texts: Entries;
}

/** Documents are numbered 0..n-1 here; `row` gives their place in the input. */
export interface MapData {
  readonly title: string;
  readonly nDocuments: number;
  readonly n: number;
  readonly topics: readonly Topic[];
  readonly layers: readonly Layer[];
  readonly columns: readonly Column[];
  readonly measures: readonly Measure[];
  readonly facts: readonly (readonly [string, string])[];
  readonly provenance: readonly (readonly [string, string])[];
  readonly x: Uint16Array;
  readonly y: Uint16Array;
  /** Index into `topics`. */
  readonly topic: Int32Array;
  readonly hasPercent: boolean;
  readonly hasTitles: boolean;
  readonly hasTexts: boolean;
  /** How many documents travel with their text. */
  readonly nTexts: number;
  /** Topics with directions, by index, and cosines of their pairs (i > j, row by row). */
  readonly similarTopics: Uint32Array;
  readonly similarity: Uint16Array;
  /** How many likeliest topics every document has. */
  readonly nMembers: number;
  memberTopic(i: number, k: number): number;
  memberPercent(i: number, k: number): number;
  percent(i: number): number;
  row(i: number): number;
  /** Whether the document's text is there (it may still be on its way). */
  hasText(i: number): boolean;
  text(i: number): string;
  docTitle(i: number): string;
  /** A cell as text; "" when missing. */
  cell(column: number, i: number): string;
  /** Texts come after the map; until then they read as "". */
  readonly textsReady: Promise<void>;
}

export const OUTLIERS = -1;

export function topicName(topic: Topic): string {
  if (topic.label) return topic.label;
  if (topic.id === OUTLIERS) return "Outliers";
  const words = topic.words.slice(0, 4).map(([word]) => word);
  return words.length > 0 ? words.join(", ") : `Topic ${topic.id}`;
}

function elementText(id: string): string {
  const text = document.getElementById(id)?.textContent;
  if (text == null) throw new Error(`the page has no element "${id}"`);
  return text;
}

const CHUNK = 1 << 20; // Characters, a multiple of 4.

/** Unpacks base64 and gzip piece by piece, so that the page can draw and answer meanwhile. */
async function unpack(text: string): Promise<ArrayBuffer> {
  const stream = new DecompressionStream("gzip");
  const done = new Response(stream.readable).arrayBuffer();
  const writer = stream.writable.getWriter();
  const body = text.trim();
  for (let at = 0; at < body.length; at += CHUNK) {
    const binary = atob(body.slice(at, at + CHUNK));
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    await writer.write(bytes);
  }
  await writer.close();
  return done;
}

class ArrayReader {
  constructor(
    private readonly buffer: ArrayBuffer,
    private readonly index: Entries,
  ) {}
  has(name: string): boolean {
    return name in this.index;
  }
  private entry(name: string): [number, number] {
    const entry = this.index[name];
    if (!entry) throw new Error(`the report carries no array "${name}"`);
    return [entry[1], entry[2]];
  }
  u8(name: string): Uint8Array {
    return new Uint8Array(this.buffer, ...this.entry(name));
  }
  u16(name: string): Uint16Array {
    return new Uint16Array(this.buffer, ...this.entry(name));
  }
  u32(name: string): Uint32Array {
    return new Uint32Array(this.buffer, ...this.entry(name));
  }
  f32(name: string): Float32Array {
    return new Float32Array(this.buffer, ...this.entry(name));
  }
  f64(name: string): Float64Array {
    return new Float64Array(this.buffer, ...this.entry(name));
  }
  /** Codes of whatever width; the largest value of the type is -1. */
  codes(name: string): Int32Array {
    const type = this.index[name]?.[0];
    const packed = type === "u8" ? this.u8(name) : type === "u16" ? this.u16(name) : this.u32(name);
    const none = type === "u8" ? 0xff : type === "u16" ? 0xffff : 0xffffffff;
    const codes = new Int32Array(packed.length);
    for (let i = 0; i < packed.length; i++) codes[i] = packed[i] === none ? -1 : packed[i]!;
    return codes;
  }
  /** A function from the place among the texts to the text; nothing is decoded before. */
  texts(name: string): (k: number) => string {
    if (!this.has(name)) return () => "";
    const lengths = this.u32(`${name}_lengths`);
    const bytes = this.u8(name);
    const offsets = new Float64Array(lengths.length + 1);
    for (let i = 0; i < lengths.length; i++) offsets[i + 1] = offsets[i]! + lengths[i]!;
    const decoder = new TextDecoder();
    return (k) => (k < 0 ? "" : decoder.decode(bytes.subarray(offsets[k], offsets[k + 1])));
  }
}

function untilParsed(): Promise<void> {
  return new Promise((resolve) => {
    if (document.readyState !== "loading") resolve();
    else document.addEventListener("DOMContentLoaded", () => resolve(), { once: true });
  });
}

export function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

/** Texts, titles and text columns, which are at the end of the file. */
class LateTexts {
  private readers = new Map<string, (k: number) => string>();
  readonly ready: Promise<void>;

  constructor(index: Entries, names: readonly string[]) {
    this.ready = (async () => {
      await untilParsed();
      const source = document.getElementById("report-texts");
      const reader = new ArrayReader(await unpack(source?.textContent ?? ""), index);
      source?.remove(); // Its copy is not needed any more.
      for (const name of names) this.readers.set(name, reader.texts(name));
    })();
  }
  read(name: string, k: number): string {
    return this.readers.get(name)?.(k) ?? "";
  }
}

function placesOfTexts(arrays: ArrayReader, n: number): { nTexts: number; placeOf: (i: number) => number } {
  if (!arrays.has("has_text")) return { nTexts: n, placeOf: (i) => i };
  const documents = arrays.u32("has_text");
  const places = new Int32Array(n).fill(-1);
  documents.forEach((i, k) => (places[i] = k));
  return { nTexts: documents.length, placeOf: (i) => places[i]! };
}

export async function readMapData(): Promise<MapData> {
  const description = JSON.parse(elementText("report-data")) as Description;
  const arrays = new ArrayReader(await unpack(elementText("report-arrays")), description.arrays);
  document.getElementById("report-arrays")?.remove();
  const n = description.n_placed;
  const percents = arrays.has("percent") ? arrays.u8("percent") : null;
  const rows = arrays.has("row") ? arrays.u32("row") : null;
  const columns = description.columns.map((column, k): Column => {
    const name = `column${k}`;
    const isPresent = arrays.has(name);
    const moments = column.kind === "time" ? arrays.f64(name) : null;
    return {
      ...column,
      codes: column.kind === "category" && isPresent ? arrays.codes(name) : new Int32Array(0),
      numbers: moments ?? (column.kind === "number" ? arrays.f32(name) : new Float32Array(0)),
      unit: moments ? resolutionOf(moments) : "hour",
    };
  });
  const late = new LateTexts(description.texts, ["text", "title", ...columns.map((_, k) => `column${k}`)]);
  const { nTexts, placeOf } = placesOfTexts(arrays, n);
  const nMembers = description.n_members;
  const memberTopics = nMembers > 0 ? arrays.codes("member_topics") : new Int32Array(0);
  const memberPercents = nMembers > 0 ? arrays.u8("member_percent") : new Uint8Array(0);
  const cell = (k: number, i: number): string => {
    const column = columns[k]!;
    if (column.kind === "category") return column.values[column.codes[i]!] ?? "";
    if (column.kind === "link" || column.kind === "text") return late.read(`column${k}`, placeOf(i));
    const value = column.numbers[i]!;
    if (Number.isNaN(value)) return "";
    return column.kind === "time" ? momentName(value, column.unit) : numberText(value);
  };
  return {
    title: description.title,
    nDocuments: description.n_documents,
    n,
    topics: description.topics,
    layers: description.layers.map((names, k) => ({ names, labels: arrays.codes(`layer${k}`) })),
    columns,
    measures: description.measures,
    facts: description.facts,
    provenance: description.provenance,
    x: arrays.u16("x"),
    y: arrays.u16("y"),
    topic: arrays.codes("topic"),
    hasPercent: percents !== null,
    hasTitles: "title" in description.texts,
    hasTexts: "text" in description.texts,
    nTexts,
    similarTopics: arrays.has("similarity") ? arrays.u32("similar_topics") : new Uint32Array(0),
    similarity: arrays.has("similarity") ? arrays.u16("similarity") : new Uint16Array(0),
    nMembers,
    memberTopic: (i, k) => memberTopics[i * nMembers + k]!,
    memberPercent: (i, k) => memberPercents[i * nMembers + k]!,
    percent: (i) => percents?.[i] ?? 0,
    row: (i) => rows?.[i] ?? i,
    hasText: (i) => placeOf(i) >= 0,
    text: (i) => late.read("text", placeOf(i)),
    docTitle: (i) => late.read("title", placeOf(i)),
    cell,
    textsReady: late.ready,
  };
}
