// Everything documents are grouped by: topics, the layers of the engine and the tree of topics, which
// takes a while to make and is made when it is asked for.

import { OUTLIERS, type MapData } from "./data";
import { subsetOf, type Subset } from "./filters";
import { makeLevels, membersByGroup, type Group, type Level } from "./levels";
import { makeHierarchy, similaritiesOf, type Hierarchy, type Similarities } from "./linkage";
import type { Choice } from "./state";

export class Groups {
  readonly levels: readonly Level[];
  private readonly topics: Level;
  private readonly membersOfTopic: readonly Uint32Array[];
  private likeness: Similarities | null = null;
  private tree: Hierarchy | null = null;

  constructor(private readonly data: MapData) {
    this.levels = makeLevels(data);
    this.topics = this.levels.find(({ layer }) => layer === -1)!;
    this.membersOfTopic = membersByGroup(data.topic, data.topics.length);
  }

  /** Those with names on the map: outliers have none. */
  named(): Level[] {
    const isNamed = (level: Level, group: Group): boolean => level.layer !== -1 || this.data.topics[group.id]!.id !== OUTLIERS;
    return this.levels.map((level) => ({ ...level, groups: level.groups.filter((group) => isNamed(level, group)) }));
  }

  similarities(): Similarities {
    return (this.likeness ??= similaritiesOf(this.data));
  }

  hierarchy(): Hierarchy {
    return (this.tree ??= makeHierarchy(this.data, this.similarities()));
  }

  ofTopic(topic: number): Group | null {
    return this.topics.byId.get(topic) ?? null;
  }

  placeOf(topic: number): { x: number; y: number } {
    return this.ofTopic(topic) ?? { x: 32767, y: 32767 };
  }

  choiceOf(group: Group): Choice {
    const { layer } = this.levels[group.level]!;
    return layer === -1 ? { kind: "topic", topic: group.id } : { kind: "cluster", layer, cluster: group.id };
  }

  /** The group that is chosen; null: none, or several. */
  chosen(choice: Choice): Group | null {
    if (choice.kind === "topic") return this.ofTopic(choice.topic);
    if (choice.kind !== "cluster") return null;
    return this.levels.find(({ layer }) => layer === choice.layer)?.byId.get(choice.cluster) ?? null;
  }

  topicsOf(choice: Choice): ReadonlySet<number> {
    if (choice.kind === "topic") return new Set([choice.topic]);
    if (choice.kind === "branch") return new Set(this.hierarchy().nodes[choice.node]?.topics ?? []);
    return new Set();
  }

  subset(choice: Choice): Subset | null {
    return subsetOf(choice, this.data, this.membersOfTopic, () => this.hierarchy());
  }
}
