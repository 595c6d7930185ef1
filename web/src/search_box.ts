// The search field: finds as people type, and counts a whole query as one step.

import type { MapData } from "./data";
import { byId } from "./dom";
import type { Found } from "./filters";
import { parseQuery, SearchIndex, topicMatches } from "./search";

const STEP_MS = 600; // After the last letter a query is a step of its own.

export interface SearchActions {
  /** The field says something else now; what it finds follows. */
  typed(query: string): void;
  /** Null: nothing is searched for. */
  found(found: Found | null): void;
  /** Letters are coming in (what is not finished is no step), or have not for a while. */
  typing(isTyping: boolean): void;
  finished(): void;
  submit(found: Found): void;
}

export class SearchBox {
  private readonly input = byId<HTMLInputElement>("search");
  private readonly hits = byId("hits");
  private readonly index: SearchIndex;
  private turn = 0;
  private timer = 0;
  private found: Found | null = null;

  constructor(
    private readonly data: MapData,
    private readonly actions: SearchActions,
  ) {
    this.index = new SearchIndex(data);
    this.input.addEventListener("input", () => this.typed());
    byId("search-form").addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.found) this.actions.submit(this.found);
    });
  }

  focus(): void {
    this.input.focus();
    this.input.select();
  }

  showHits(text: string): void {
    this.hits.textContent = text;
  }

  /** As an address asks for it: no step. */
  set(query: string): void {
    this.input.value = query;
    clearTimeout(this.timer);
    this.actions.typing(false);
    this.turn++;
    if (query) void this.find(query);
    else this.empty();
  }

  private empty(): void {
    this.found = null;
    this.hits.textContent = "";
  }

  private typed(): void {
    this.actions.typed(this.input.value.trim());
    clearTimeout(this.timer);
    this.actions.typing(true);
    this.timer = setTimeout(() => {
      this.actions.typing(false);
      this.actions.finished();
    }, STEP_MS);
    void this.find(this.input.value);
  }

  private async find(query: string): Promise<void> {
    const terms = parseQuery(query);
    const turn = ++this.turn;
    if (terms.length === 0) {
      this.empty();
      this.actions.found(null);
      return;
    }
    this.hits.textContent = "…";
    const docs = await this.index.find(terms);
    if (turn !== this.turn) return; // A later search has begun.
    const topics = [...this.data.topics.keys()].filter((i) => topicMatches(this.data.topics[i]!, terms));
    this.found = { terms, topics, docs };
    this.actions.found(this.found);
  }
}
