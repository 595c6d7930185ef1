import { describe, expect, it } from "vitest";
import { findRanges, fold, parseQuery, SearchIndex } from "../src/search";
import { tally, tellingWords, wordsOf } from "../src/words";
import { smallMap } from "./small_map";

describe("search", () => {
  it("looks past case, accents and forms of letters", () => {
    expect(fold("Čafé ΟΔΟΣ ﬁne Ａ")).toBe("cafe οδοσ fine a");
  });

  it("reads words and phrases", () => {
    expect(parseQuery('Space  "Deep  Field" x')).toEqual(["space", "deep  field", "x"]);
    expect(parseQuery('"" ')).toEqual([]);
  });

  it("finds documents that hold every term", async () => {
    const data = smallMap({ x: [0, 1, 2], y: [0, 1, 2], topic: [0, 0, 0], texts: ["Red apple", "green APPLES", "pear"] });
    const index = new SearchIndex(data);
    expect([...(await index.find(["apple"]))]).toEqual([0, 1]);
    expect([...(await index.find(["apple", "green"]))]).toEqual([1]);
  });

  it("marks hits where they are in the text itself", () => {
    const text = "Ein Café, zwei CAFÉS";
    const marked = findRanges(text, ["cafe"]).map(([begin, end]) => text.slice(begin, end));
    expect(marked).toEqual(["Café", "CAFÉ"]);
  });
});

describe("words", () => {
  it("are found in scripts without spaces too", () => {
    expect(wordsOf("Don't stop e-mail 42")).toEqual(["don't", "stop", "e-mail"]);
    expect(wordsOf("東京の地図").length).toBeGreaterThan(1);
  });

  it("tell a selection apart by what the rest does not say", async () => {
    const rest = ["the cat", "the dog", "the cow", "the hen", "the pig"];
    const own = ["the ship", "the ship", "the ship"];
    const all = await tally((k) => [...own, ...rest][k]!, 8);
    const words = tellingWords(await tally((k) => own[k]!, 3), all);
    expect(words[0]![0]).toBe("ship");
    expect(words.map(([word]) => word)).not.toContain("the");
  });
});
