// A document as it is shown under the pointer, in lists and when it is in focus.

import { topicName, type MapData } from "./data";
import { element, markedText, number } from "./dom";
import { findRanges } from "./search";

export interface CardOptions {
  readonly terms?: readonly string[];
  readonly showTopic: boolean;
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
  body.append(...(text ? marked(text) : [element("i", {}, title ? "" : "No text")]));
  if (text || !title) card.append(body);
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
