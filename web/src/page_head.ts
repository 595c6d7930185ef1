// What stands around the map: title, numbers, facts, chips of what is chosen, and what is read aloud.

import { OUTLIERS, type MapData } from "./data";
import { byId, count, element, number } from "./dom";

export function fillPage(data: MapData, canDraw: boolean): void {
  byId("title").textContent = data.title || document.title;
  const nTopics = data.topics.filter((topic) => topic.id !== OUTLIERS).length;
  const parts = [count(data.nDocuments, "document"), count(nTopics, "topic")];
  const unplaced = data.nDocuments - data.n;
  if (unplaced > 0) parts.push(`${number(unplaced)} not on the map`);
  byId("summary").textContent = parts.join(" · ");
  const list = element("dl");
  for (const [name, value] of data.facts) {
    list.append(element("div", {}, element("dt", {}, name), element("dd", { dir: "auto" }, value)));
  }
  byId("facts").append(list);
  byId("facts").hidden = data.facts.length === 0;
  const note = byId("map-note");
  note.hidden = data.n > 0 && canDraw;
  note.textContent = data.n === 0 ? "No document has a place on the map." : "This browser cannot draw the map.";
}

/** The chips that take away a choice (null: none) and filters (empty: none). */
export function showChips(choice: string | null, filters: readonly string[]): void {
  const clear = byId("clear");
  clear.hidden = choice === null;
  clear.textContent = choice ?? "";
  clear.setAttribute("aria-label", `Show all topics, not only ${choice ?? ""}`);
  const text = filters.join(", ");
  const clearFilters = byId("clear-filters");
  clearFilters.hidden = filters.length === 0;
  clearFilters.textContent = text;
  clearFilters.setAttribute("aria-label", `Take away the filters: ${text}`);
}

export function announce(text: string): void {
  byId("announcer").textContent = text;
}

/** Colours of the topics, for whatever carries data-topic. */
export function setTopicColors(colors: readonly string[]): void {
  let style = document.getElementById("topic-colors");
  if (!style) {
    style = element("style", { id: "topic-colors" });
    document.head.append(style);
  }
  style.textContent = colors.map((color, i) => `[data-topic="${i}"]{--topic:${color}}`).join("\n");
}

/** Whether the panel is below the map. */
export function isNarrow(): boolean {
  return matchMedia("(max-width: 860px)").matches;
}
