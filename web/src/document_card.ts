// A document as it is shown under the pointer, in lists and when it is in focus.

import { topicName, type MapData } from "./data";
import { element, markedText, number } from "./dom";
import { findRanges } from "./search";

export interface CardOptions {
  readonly terms?: readonly string[];
  readonly showTopic: boolean;
  /** Whether what the columns say is listed. */
  readonly metadata?: boolean;
  /** Characters of text around the first hit; 0: all. */
  readonly snippet?: number;
}

function snippetOf(text: string, terms: readonly string[], length: number): string {
  if (length === 0 || text.length <= length) return text;
  const first = findRanges(text, terms)[0];
  let begin = first ? Math.max(0, first[0] - Math.floor(length / 3)) : 0;
  if (begin > 0) begin = Math.max(begin, text.indexOf(" ", begin) + 1);
  if (begin + length >= text.length) return `… ${text.slice(begin)}`;
  const space = text.lastIndexOf(" ", begin + length);
  const end = space > begin + length - 24 ? space : begin + length;
  return `${begin > 0 ? "… " : ""}${text.slice(begin, end)} …`;
}

/** A web address that may be opened; null for anything else. */
export function safeLink(text: string): string | null {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** What the columns say about the document; `most` of them. */
export function metadata(data: MapData, i: number, most = Infinity): HTMLElement {
  const list = element("dl", { class: "metadata" });
  data.columns.forEach((column, k) => {
    if (list.childElementCount >= most) return;
    const text = data.cell(k, i);
    if (text === "") return;
    const value = element("dd", { dir: "auto" });
    const href = column.kind === "link" ? safeLink(text) : null;
    if (href === null) value.append(text);
    else value.append(element("a", { href, target: "_blank", rel: "noopener noreferrer" }, text));
    list.append(element("div", {}, element("dt", {}, column.name), value));
  });
  return list;
}

export function documentCard(data: MapData, i: number, options: CardOptions): HTMLElement {
  const terms = options.terms ?? [];
  const title = data.docTitle(i);
  const text = snippetOf(data.text(i), terms, options.snippet ?? 0);
  const marked = (value: string): Node[] => markedText(value, findRanges(value, terms));
  const card = element("div", { class: "card" });
  if (title) {
    const line = element("div", { class: "card-title", dir: "auto" });
    line.append(...marked(title));
    card.append(line);
  }
  const body = element("div", { class: "card-text", dir: "auto" });
  const none = data.hasText(i) ? "No text" : "No text on this page";
  body.append(...(text ? marked(text) : [element("i", {}, title ? "" : none)]));
  if (text || !title) card.append(body);
  if (options.metadata) card.append(metadata(data, i, 6));
  const topic = data.topics[data.topic[i]!]!;
  const foot = element("div", { class: "card-foot" });
  if (options.showTopic) {
    foot.append(
      element("span", { class: "swatch", "data-topic": data.topic[i] }),
      element("span", { class: "card-topic", dir: "auto" }, topicName(topic)),
    );
  }
  if (data.hasPercent && topic.id >= 0) {
    const value = element("span", { class: "card-percent" }, `${data.percent(i)} %`);
    value.title = "Probability that the document belongs to its topic";
    foot.append(value);
  }
  foot.append(element("span", { class: "card-row" }, `row ${number(data.row(i))}`));
  card.append(foot);
  return card;
}
