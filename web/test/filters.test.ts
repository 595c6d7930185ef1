import { describe, expect, it } from "vitest";
import { boxAround, indicesWhere, kept, maskOf, subsetOf, topicsUnder, type Filter } from "../src/filters";
import { membersByGroup } from "../src/levels";
import { makeHierarchy, similaritiesOf } from "../src/linkage";
import { smallMap } from "./small_map";

const data = smallMap({ x: [0, 10, 20, 30], y: [0, 10, 20, 30], topic: [0, 1, 1, 2] });
const members = membersByGroup(data.topic, 3);
const hierarchy = () => makeHierarchy(data, similaritiesOf(data));
const open: Filter = { subset: null, found: null, range: null, hidden: new Set(), codes: data.topic };
const found = (docs: number[]) => ({ terms: ["a"], topics: [], docs: Uint32Array.from(docs) });

describe("a mask", () => {
  it("is none where nothing is filtered", () => {
    expect(maskOf(data, open)).toBeNull();
  });

  it("is what choice, search, legend and range leave together", () => {
    const subset = subsetOf({ kind: "topic", topic: 1 }, data, members, hierarchy);
    expect(maskOf(data, { ...open, subset })).toEqual(Uint8Array.of(0, 1, 1, 0));
    expect(maskOf(data, { ...open, subset, found: found([2, 3]) })).toEqual(Uint8Array.of(0, 0, 1, 0));
    expect(maskOf(data, { ...open, hidden: new Set([1]) })).toEqual(Uint8Array.of(1, 0, 0, 1));
    const range = { column: 0, low: 2001, high: 2002 };
    expect(maskOf(data, { ...open, range })).toEqual(Uint8Array.of(0, 1, 1, 0)); // A missing value is in no range.
  });
});

describe("a choice", () => {
  it("of an area holds the documents inside of its outline", () => {
    const subset = subsetOf({ kind: "area", outline: [5, 5, 25, 5, 25, 25, 5, 25] }, data, members, hierarchy);
    expect([...subset!.docs]).toEqual([1, 2]);
    expect(subset!.name).toBe("Selection of 2");
  });

  it("of a branch holds the documents of its topics", () => {
    const tree = hierarchy();
    const subset = subsetOf({ kind: "branch", node: tree.root!.id }, data, members, hierarchy);
    expect([...subset!.docs]).toEqual([0, 1, 2, 3]);
  });
});

it("lists, keeps and gathers in order", () => {
  const mask = Uint8Array.of(0, 1, 1, 0);
  expect([...indicesWhere(4, (i) => i % 2 === 1)]).toEqual([1, 3]);
  expect([...kept(Uint32Array.of(3, 2, 1), mask)]).toEqual([2, 1]);
  expect(topicsUnder(mask, data.topic)).toEqual(new Set([1]));
});

it("boxes leave out the farthest few", () => {
  const x = Uint16Array.from({ length: 101 }, (_, i) => (i === 100 ? 60000 : i));
  const box = boxAround(Uint32Array.from(x.keys()), x, x)!;
  expect([box.left, box.right]).toEqual([3, 97]);
  expect(boxAround([], x, x)).toBeNull();
});
