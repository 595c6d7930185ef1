import { describe, expect, it } from "vitest";
import { restoredState } from "../src/restore";
import { readHash, START, writeHash, type State } from "../src/state";
import { smallMap } from "./small_map";

const data = smallMap({ x: [0, 10, 20], y: [0, 10, 20], topic: [0, 1, 2], hasOutliers: true });
const known = { hasBranch: (node: number) => node < 3, partsOf: (tab: string) => (tab === "quality" ? 3 : 0), colorKey: (name: string) => (name === "year" ? "year" : "topic") };
const idOf = (topic: number): number => data.topics[topic]!.id;
const home = { x: 5, y: 5, zoom: 1 };

describe("the address", () => {
  it("of the first view is empty", () => {
    expect(writeHash(START, home, idOf)).toBe("");
  });

  it("brings back everything that it was written from", () => {
    const state: State = {
      choice: { kind: "topic", topic: 2 }, doc: 1, query: "a & b = 100 % #1", color: "year",
      hidden: new Set([3, -1]), range: { column: 0, low: 2000.5, high: 2002 }, tab: "quality", part: 2, hasContours: true,
    }; // prettier-ignore
    const saved = readHash(writeHash(state, { x: 7, y: 9, zoom: 2.5 }, idOf));
    expect(saved.view).toEqual({ x: 7, y: 9, zoom: 2.5 });
    expect(restoredState(saved, data, known)).toEqual(state);
  });

  it("keeps areas, clusters and branches", () => {
    const area = { ...START, choice: { kind: "area", outline: [1, 2, 3, 4, 5, 6] } } as const;
    expect(restoredState(readHash(writeHash(area, home, idOf)), data, known).choice).toEqual(area.choice);
    const branch = { ...START, choice: { kind: "branch", node: 2 } } as const;
    expect(restoredState(readHash(writeHash(branch, home, idOf)), data, known).choice).toEqual(branch.choice);
  });

  it("that names what is not there shows what there is", () => {
    const hash = "#topic=99&document=50&tab=magic&color=nothing&range=7,1,2&branch=9&cluster=4,4&at=1,2";
    expect(restoredState(readHash(hash), data, known)).toEqual({ ...START, hidden: new Set() });
    expect(readHash(hash).view).toBeNull();
  });

  it("survives nonsense", () => {
    for (const hash of ["#", "#at=a,b,c", "#area=1,2", "#topic=1.5", "#hide=x,,", "#q=%E0%A4"]) {
      expect(restoredState(readHash(hash), data, known).choice).toEqual({ kind: "none" });
    }
  });
});
