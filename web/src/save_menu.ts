// The menu of files that the page can save.

import { byId } from "./dom";

export interface SaveActions {
  picture(): void;
  vector(): void;
  documents(): void;
}

export class SaveMenu {
  private readonly menu = byId<HTMLDetailsElement>("save-menu");

  constructor(actions: SaveActions) {
    const item = (id: string, act: () => void): void =>
      byId(id).addEventListener("click", () => {
        this.close();
        act();
      });
    item("save-picture", () => actions.picture());
    item("save-vector", () => actions.vector());
    item("save-documents", () => actions.documents());
    addEventListener("pointerdown", (event) => {
      if (!this.menu.contains(event.target as Node)) this.close();
    });
  }

  get isOpen(): boolean {
    return this.menu.open;
  }

  close(): void {
    this.menu.open = false;
  }
}
