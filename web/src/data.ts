// What the page shows, decoded from the two data elements that the engine wrote.

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

interface Description {
  schema: number;
  title: string;
  n_documents: number;
  n_placed: number;
  topics: Topic[];
  layers: string[][];
  facts: [string, string][];
  arrays: Record<string, [string, number, number]>;
}

/** Documents are numbered 0..n-1 here; `row` gives their place in the input. */
export interface MapData {
  readonly title: string;
  readonly nDocuments: number;
  readonly n: number;
  readonly topics: readonly Topic[];
  readonly layers: readonly Layer[];
  readonly facts: readonly (readonly [string, string])[];
  readonly x: Uint16Array;
  readonly y: Uint16Array;
  /** Index into `topics`. */
  readonly topic: Uint32Array;
  readonly hasPercent: boolean;
  readonly hasTitles: boolean;
  percent(i: number): number;
  row(i: number): number;
  text(i: number): string;
  docTitle(i: number): string;
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

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.trim());
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

class ArrayReader {
  constructor(
    private readonly buffer: ArrayBuffer,
    private readonly index: Description["arrays"],
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
  i32(name: string): Int32Array {
    return new Int32Array(this.buffer, ...this.entry(name));
  }
  /** A function from document to text; nothing is decoded before it is asked for. */
  texts(name: string): (i: number) => string {
    if (!this.has(name)) return () => "";
    const lengths = this.u32(`${name}_lengths`);
    const bytes = this.u8(name);
    const offsets = new Float64Array(lengths.length + 1);
    for (let i = 0; i < lengths.length; i++) offsets[i + 1] = offsets[i]! + lengths[i]!;
    const decoder = new TextDecoder();
    return (i) => decoder.decode(bytes.subarray(offsets[i], offsets[i + 1]));
  }
}

export async function readMapData(): Promise<MapData> {
  const description = JSON.parse(elementText("report-data")) as Description;
  const buffer = await gunzip(fromBase64(elementText("report-arrays")));
  const arrays = new ArrayReader(buffer, description.arrays);
  const percents = arrays.has("percent") ? arrays.u8("percent") : null;
  const rows = arrays.has("row") ? arrays.u32("row") : null;
  return {
    title: description.title,
    nDocuments: description.n_documents,
    n: description.n_placed,
    topics: description.topics,
    layers: description.layers.map((names, k) => ({ names, labels: arrays.i32(`layer${k}`) })),
    facts: description.facts,
    x: arrays.u16("x"),
    y: arrays.u16("y"),
    topic: arrays.u32("topic"),
    hasPercent: percents !== null,
    hasTitles: arrays.has("title"),
    percent: (i) => percents?.[i] ?? 0,
    row: (i) => rows?.[i] ?? i,
    text: arrays.texts("text"),
    docTitle: arrays.texts("title"),
  };
}
