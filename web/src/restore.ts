// From what an address says to a state that this page can show.

import type { MapData } from "./data";
import { NO_CHOICE, START, type Choice, type SavedState, type State } from "./state";

/** What the page knows beyond its data. */
export interface Known {
  hasBranch(node: number): boolean;
  /** How many pictures the tab has; 0: there is no such tab. */
  partsOf(tab: string): number;
  /** The colouring meant by the name, or the usual one. */
  colorKey(name: string): string;
}

function restoredChoice(saved: SavedState, data: MapData, known: Known): Choice {
  const topic = data.topics.findIndex(({ id }) => id === saved.topicId);
  if (topic >= 0) return { kind: "topic", topic };
  const [layer, cluster] = saved.cluster ?? [-1, -1];
  if (data.layers[layer]?.names[cluster] !== undefined) return { kind: "cluster", layer, cluster };
  if (saved.branch !== null && known.hasBranch(saved.branch)) return { kind: "branch", node: saved.branch };
  if (saved.area) return { kind: "area", outline: saved.area };
  return NO_CHOICE;
}

/** What does not exist here (an address may come from another report) is left out. */
export function restoredState(saved: SavedState, data: MapData, known: Known): State {
  const ranged = saved.range ? data.columns[saved.range.column] : undefined;
  return {
    choice: restoredChoice(saved, data, known),
    doc: saved.doc >= 0 && saved.doc < data.n ? saved.doc : -1,
    query: saved.query,
    color: known.colorKey(saved.color),
    hidden: saved.hidden,
    range: ranged && ranged.numbers.length === data.n ? saved.range : null,
    tab: known.partsOf(saved.tab) > 0 ? saved.tab : START.tab,
    part: saved.part > 0 && saved.part < known.partsOf(saved.tab) ? saved.part : START.part,
    hasContours: saved.hasContours,
  };
}
