// The document in focus: its text with the words of topics marked, what is known about it, and how
// its topics share it.

import { topicName, type MapData } from "./data";
import { metadata } from "./document_card";
import { element, number } from "./dom";
import type { Token, TopicPart, TopicWords } from "./topic_parts";

const MOST_PARTS = 6;

function markedTokens(text: string, tokens: readonly Token[]): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const { begin, end, topic, strength } of tokens) {
    if (begin > at) nodes.push(document.createTextNode(text.slice(at, begin)));
    const token = element("span", { class: "token", "data-topic": topic }, text.slice(begin, end));
    token.style.setProperty("--strength", (0.25 + 0.75 * strength).toFixed(2));
    nodes.push(token);
    at = end;
  }
  if (at < text.length) nodes.push(document.createTextNode(text.slice(at)));
  return nodes;
}

function bars(data: MapData, parts: readonly TopicPart[], onTopic: (topic: number) => void): HTMLElement {
  const list = element("ul", { class: "words-list shares" });
  for (const { topic, part } of parts.slice(0, MOST_PARTS)) {
    const name = element("button", { type: "button", class: "topic-name", dir: "auto" });
    name.append(element("span", { class: "swatch", "data-topic": topic }), topicName(data.topics[topic]!));
    name.addEventListener("click", () => onTopic(topic));
    const bar = element("span", { class: "bar" });
    bar.style.setProperty("--part", Math.min(1, part).toFixed(4));
    list.append(element("li", { "data-topic": topic }, name, bar, element("span", { class: "share" }, `${Math.round(100 * part)} %`)));
  }
  return list;
}

export function documentDetail(data: MapData, words: TopicWords, doc: number, onTopic: (topic: number) => void): HTMLElement {
  const own = data.topic[doc]!;
  const text = data.text(doc);
  const title = data.docTitle(doc);
  const { tokens, parts } = words.find(text, own);
  const card = element("div", { class: "card detail" });
  if (title) card.append(element("div", { class: "card-title", dir: "auto" }, title));
  const body = element("div", { class: "card-text", dir: "auto" });
  if (text) body.append(...markedTokens(text, tokens));
  else body.append(element("i", {}, data.hasText(doc) ? "No text" : "This page carries no text of this document."));
  card.append(body, metadata(data, doc));
  const foot = element("div", { class: "card-foot" });
  foot.append(
    element("span", { class: "swatch", "data-topic": own }),
    element("span", { class: "card-topic", dir: "auto" }, topicName(data.topics[own]!)),
  );
  if (data.hasPercent && data.topics[own]!.id >= 0) {
    foot.append(element("span", { class: "card-percent" }, `${data.percent(doc)} %`));
  }
  foot.append(element("span", { class: "card-row" }, `row ${number(data.row(doc))}`));
  card.append(foot);
  const members = words.members(doc);
  if (members && members.length > 0) {
    card.append(element("h4", {}, "Topics of this document"), bars(data, members, onTopic));
  } else if (parts.length > 0) {
    card.append(element("h4", {}, "Topics whose words it uses"), bars(data, parts, onTopic));
  }
  return card;
}
