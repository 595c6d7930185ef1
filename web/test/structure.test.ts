import { describe, expect, it } from "vitest";
import { binName, binOf, timeBins } from "../src/bins";
import { difference } from "../src/color";
import { contourLevels, contourSegments, density } from "../src/contours";
import { PointGrid } from "../src/grid";
import { homeBox, worldBox } from "../src/home";
import { makeLevels, membersByGroup } from "../src/levels";
import { averageLinkage, fromWords } from "../src/linkage";
import { momentName, resolutionOf } from "../src/moments";
import { makePalettes } from "../src/palette";
import { isInside, thinned } from "../src/selection";
import { smallMap } from "./small_map";

describe("the tree of topics", () => {
  it("joins by average linkage", () => {
    // Pairs 0-1 at .1 and 2-3 at .2; between them .8, .9, .7, .6: the mean is .75.
    const d = [[0, 0.1, 0.8, 0.9], [0.1, 0, 0.7, 0.6], [0.8, 0.7, 0, 0.2], [0.9, 0.6, 0.2, 0]];
    const merges = averageLinkage(4, Float32Array.from(d.flat(), (v) => 1 - v));
    expect(merges.map(({ a, b }) => [a, b])).toEqual([[0, 1], [2, 3], [4, 5]]);
    expect(merges[2]!.height).toBeCloseTo(0.75, 6);
  });

  it("of two thousand topics is made, with every topic once", () => {
    const n = 2000;
    const values = new Float32Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) values[i * n + j] = 1 - Math.abs(i - j) / n;
    const merges = averageLinkage(n, values);
    expect(merges.length).toBe(n - 1);
    expect(new Set(merges.flatMap(({ a, b }) => [a, b])).size).toBe(2 * (n - 1));
    for (let k = 1; k < merges.length; k++) expect(merges[k]!.height).toBeGreaterThanOrEqual(merges[k - 1]!.height);
  });

  it("falls back on words", () => {
    const data = smallMap({ x: [0, 1, 2], y: [0, 1, 2], topic: [0, 1, 2], words: [[["a", 1]], [["a", 1], ["b", 1]], [["c", 1]]] });
    const { values } = fromWords(data.topics);
    expect(values[1]).toBeCloseTo(Math.SQRT1_2, 6);
    expect(values[2]).toBe(0);
  });
});

describe("names and groups", () => {
  it("are placed in their documents", () => {
    const data = smallMap({ x: [100, 200, 300, 50000, 50100], y: [100, 100, 100, 40000, 40000], topic: [0, 0, 0, 1, 1] });
    const level = makeLevels(data).find(({ layer }) => layer === -1)!;
    expect(level.groups.map(({ id, count }) => [id, count])).toEqual([[0, 3], [1, 2]]);
    expect(level.byId.get(1)!.x).toBeGreaterThan(49000);
  });

  it("hold every member once, those without a group nowhere", () => {
    expect(membersByGroup([1, -1, 0, 1], 2).map((m) => [...m])).toEqual([[2], [0, 3]]);
  });
});

describe("colours", () => {
  it("of neighbours differ, also for eyes that confuse hues", () => {
    const topics = Array.from({ length: 40 }, (_, id) => ({ id, count: 100 - id }));
    const places = topics.map((_, i) => ({ x: (i % 8) * 8000, y: Math.floor(i / 8) * 8000 }));
    const { light } = makePalettes(topics, places);
    for (let i = 0; i < 40; i++) {
      if (i % 8 < 7) expect(difference(light.points[i]!, light.points[i + 1]!)).toBeGreaterThan(0.03);
    }
  });
});

describe("places", () => {
  it("the nearest document is found", () => {
    const x = Uint16Array.from({ length: 500 }, (_, i) => (i * 7919) % 65536);
    const y = Uint16Array.from({ length: 500 }, (_, i) => (i * 104729) % 65536);
    const grid = new PointGrid(x, y);
    for (const [px, py] of [[100, 100], [30000, 60000], [65535, 0]] as const) {
      const by = (i: number): number => (x[i]! - px) ** 2 + (y[i]! - py) ** 2;
      const best = [...x.keys()].reduce((a, b) => (by(b) < by(a) ? b : a));
      expect(by(grid.nearest(px, py, 65535, () => true))).toBe(by(best));
    }
    expect(grid.nearest(100, 100, 0.5, () => false)).toBe(-1);
  });

  it("outlines hold what is inside and stay short", () => {
    const square = [0, 0, 10, 0, 10, 10, 0, 10];
    expect([isInside(square, 5, 5), isInside(square, 15, 5)]).toEqual([true, false]);
    expect(thinned(Array.from({ length: 1000 }, (_, i) => i)).length).toBe(96);
  });

  it("a few documents far away do not shrink the first view", () => {
    const n = 1000;
    const x = Array.from({ length: n }, (_, i) => (i < 3 ? 65535 : 1000 + (i % 100)));
    const data = smallMap({ x, y: x, topic: new Array(n).fill(0) });
    expect(worldBox(data).right).toBe(65535);
    expect(homeBox(data, worldBox(data)).right).toBeLessThan(3000);
  });

  it("lines of density run around what is dense", () => {
    const x = Array.from({ length: 400 }, (_, i) => 500 + (i % 20));
    const y = Array.from({ length: 400 }, (_, i) => 500 + Math.floor(i / 20));
    const smooth = density(x, y, { left: 0, right: 1000, bottom: 0, top: 1000 }, null);
    const levels = contourLevels(smooth.values);
    expect(levels.length).toBeGreaterThan(1);
    const line = contourSegments(smooth, levels[0]!);
    expect(line.length % 4).toBe(0);
    for (const v of line) expect(Math.abs(v - 510)).toBeLessThan(100);
  });
});

describe("spans of time", () => {
  it("are those that people speak of, and hold every moment", () => {
    const [low, high] = [Date.UTC(2001, 2, 5), Date.UTC(2019, 6, 1)];
    const bins = timeBins(low, high);
    expect(new Date(bins.edges[0]!).getUTCMonth() % 3).toBe(0);
    expect(bins.edges[0]).toBeLessThanOrEqual(low);
    expect(bins.edges[bins.edges.length - 1]).toBeGreaterThan(high);
    expect(binOf(bins, low)).toBe(0);
    expect(binOf(bins, high)).toBe(bins.edges.length - 2);
  });

  it("are called as people call them", () => {
    const [low, high] = [Date.UTC(1998, 0, 1), Date.UTC(2026, 0, 1)];
    const years = timeBins(low, high);
    expect(binName(years, high)).toBe("2026");
    expect(binName(timeBins(Date.UTC(2019, 0, 3), high), Date.UTC(2021, 4, 6))).toBe("2021 Q2");
    expect(binName(timeBins(Date.UTC(2024, 0, 3), high), Date.UTC(2025, 1, 6))).toBe("2025-02");
    expect(binName(timeBins(Date.UTC(1500, 0), high), Date.UTC(1987, 4, 6))).toBe("1980s");
  });

  it("are never finer than the documents' dates", () => {
    const years = [2019, NaN, 2021, 2026].map((year) => Date.UTC(year, 0));
    expect(resolutionOf(years)).toBe("year");
    const bins = timeBins(years[0]!, years[3]!, 120, "year");
    expect(bins.edges.map((edge) => binName(bins, edge))).toEqual(["2019", "2020", "2021", "2022", "2023", "2024", "2025", "2026", "2027"]);
    expect(resolutionOf([Date.UTC(2019, 0), Date.UTC(2019, 3)])).toBe("month");
    expect(resolutionOf([Date.UTC(2019, 0), Date.UTC(2019, 0, 2)])).toBe("day");
    expect(resolutionOf([Date.UTC(2019, 0), Date.UTC(2019, 0, 1, 5)])).toBe("hour");
    expect(momentName(Date.UTC(2019, 0, 1, 5, 7))).toBe("2019-01-01 05:07");
    expect(momentName(Date.UTC(2019, 0, 1))).toBe("2019-01-01");
  });
});
