// What the colours mean, and a filter: an entry switches its documents off and on.

import { css } from "./color";
import type { ColorChoice, Coloring } from "./coloring";
import { byId, element, number } from "./dom";
import type { Theme } from "./theme";

const MOST = 300;

export interface LegendActions {
  colorBy(key: string): void;
  hide(hidden: ReadonlySet<number>): void;
}

export class Legend {
  private readonly body = element("div", { class: "legend-body" });
  private readonly select = element("select", { id: "color-by", "aria-label": "Colour by" });
  private readonly fold = element("button", { type: "button", class: "legend-fold", "aria-controls": "legend-body" });
  private isOpen = false;
  private shownKey = "";

  constructor(
    choices: readonly ColorChoice[],
    private readonly actions: LegendActions,
  ) {
    for (const { key, title } of choices) this.select.append(element("option", { value: key }, title));
    this.select.addEventListener("change", () => actions.colorBy(this.select.value));
    this.body.id = "legend-body";
    this.fold.addEventListener("click", () => this.setOpen(!this.isOpen));
    const head = element("div", { class: "legend-head" }, element("span", { "aria-hidden": "true" }, "Colour"), this.select, this.fold);
    byId("legend").append(head, this.body);
    this.setOpen(false);
  }

  private setOpen(isOpen: boolean): void {
    this.isOpen = isOpen;
    this.body.hidden = !isOpen;
    this.fold.setAttribute("aria-expanded", String(isOpen));
    this.fold.setAttribute("aria-label", isOpen ? "Close the legend" : "Open the legend");
    this.fold.textContent = isOpen ? "▾" : "▸";
  }

  show(coloring: Coloring, theme: Theme, hidden: ReadonlySet<number>): void {
    this.select.value = coloring.key;
    if (coloring.key !== this.shownKey) {
      // Topics have their names on the map; the rest needs its legend.
      const isNarrow = matchMedia("(max-width: 860px)").matches;
      this.setOpen(coloring.kind !== "topic" && !isNarrow);
    }
    this.shownKey = coloring.key;
    const colors = coloring.colors[theme];
    if (coloring.kind === "amount") {
      const scale = element("div", { class: "legend-scale" });
      const steps = [0, 0.25, 0.5, 0.75, 1].map((t) => css(colors[Math.round(t * (colors.length - 2))]!));
      scale.style.background = `linear-gradient(to right, ${steps.join(", ")})`;
      const [low, high] = coloring.ends!;
      this.body.replaceChildren(scale, element("div", { class: "legend-ends" }, element("span", {}, low), element("span", {}, high)));
      return;
    }
    const scrolled = this.body.scrollTop;
    const list = element("ul", { class: "legend-list" });
    for (const { code, name, count } of coloring.entries.slice(0, MOST)) {
      const swatch = element("span", { class: "swatch" });
      swatch.style.setProperty("--topic", css(colors[code]!));
      const isOn = !hidden.has(code);
      const button = element(
        "button",
        { type: "button", class: "legend-entry", "aria-pressed": String(isOn), title: `${name}. Click: on or off; Shift and click: only this.` },
        swatch,
        element("span", { class: "legend-name", dir: "auto" }, name),
        element("span", { class: "legend-count" }, number(count)),
      );
      button.addEventListener("click", (event) => this.toggle(coloring, hidden, code, event.shiftKey));
      list.append(element("li", {}, button));
    }
    this.body.replaceChildren(list);
    if (hidden.size > 0) {
      const all = element("button", { type: "button", class: "link" }, "Show all");
      all.addEventListener("click", () => this.actions.hide(new Set()));
      this.body.prepend(all);
    }
    this.body.scrollTop = scrolled;
  }

  private toggle(coloring: Coloring, hidden: ReadonlySet<number>, code: number, isOnly: boolean): void {
    const next = new Set(isOnly ? coloring.entries.map((entry) => entry.code) : hidden);
    if (!next.delete(code)) next.add(code);
    this.actions.hide(next.size < coloring.entries.length ? next : new Set());
  }
}
