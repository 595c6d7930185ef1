// The hierarchy as a tree that opens and closes; choosing a branch shows it on the map.

import { count, element, number } from "./dom";
import type { Hierarchy, TreeNode } from "./linkage";
import { fitted, svg } from "./svg";

const ROW = 22;
const TREE = 130; // Pixels for the branches, left of the names.
const OPEN_AT_FIRST = 24;

export class Dendrogram {
  readonly root = element("div", { class: "dendrogram" });
  private readonly closed = new Set<number>();
  private chosen = -1;
  private focus = -1;

  constructor(
    private readonly hierarchy: Hierarchy,
    private readonly onChoose: (node: TreeNode) => void,
  ) {
    this.closeAllBut(OPEN_AT_FIRST);
  }

  /** Opens from the root, highest join first, until so many rows are seen. */
  private closeAllBut(rows: number): void {
    const { nodes } = this.hierarchy;
    const inner = nodes.filter(({ children }) => children !== null).sort((a, b) => b.height - a.height || b.id - a.id);
    this.closed.clear();
    for (const node of inner.slice(Math.max(0, rows - 1))) this.closed.add(node.id);
  }

  mark(node: number): void {
    this.chosen = node;
  }

  draw(width: number): void {
    const tree = this.hierarchy.root;
    if (!tree) {
      this.root.replaceChildren(element("p", { class: "empty" }, "There are no topics to join."));
      return;
    }
    const bar = element("div", { class: "list-head" });
    const button = (label: string, rows: number): HTMLElement => {
      const made = element("button", { type: "button", class: "link" }, label);
      made.addEventListener("click", () => {
        this.closeAllBut(rows);
        this.draw(width);
      });
      return made;
    };
    bar.append(
      element("p", { class: "note" }, "A branch shows its topics on the map; the dot opens and closes it."),
      button("Open all", Infinity),
      button("Close", OPEN_AT_FIRST),
    );
    this.root.replaceChildren(bar, this.drawTree(tree, width));
    if (this.focus >= 0) this.root.querySelector<SVGElement>(`[data-node="${this.focus}"]`)?.focus();
  }

  private drawTree(tree: TreeNode, width: number): SVGSVGElement {
    const most = Math.max(tree.height, 1e-9);
    const lines = svg("g", { class: "branches" });
    const items = svg("g", {});
    let rows = 0;
    const xOf = (node: TreeNode): number => 8 + (TREE - 16) * (1 - node.height / most);
    const isOpen = (node: TreeNode): boolean => node.children !== null && !this.closed.has(node.id);
    const place = (node: TreeNode, level: number): number => {
      if (!isOpen(node)) {
        const y = rows++ * ROW + ROW / 2;
        items.append(this.item(node, node.children ? xOf(node) : TREE, y, width, level));
        return y;
      }
      const ys = node.children!.map((child) => place(child, level + 1)) as [number, number];
      const x = xOf(node);
      node.children!.forEach((child, k) => {
        const to = isOpen(child) || child.children ? xOf(child) : TREE;
        const y = ys[k]!;
        lines.append(
          svg("path", { d: `M${x} ${(ys[0] + ys[1]) / 2}V${y}H${to}`, class: this.isBelowChosen(child) ? "is-chosen" : "" }),
        );
      });
      const middle = (ys[0] + ys[1]) / 2;
      items.append(this.item(node, x, middle, width, level));
      return middle;
    };
    place(tree, 1);
    const height = rows * ROW;
    const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "tree", "aria-label": "Hierarchy of topics" });
    picture.append(lines, items);
    return picture;
  }

  private isBelowChosen(node: TreeNode): boolean {
    if (this.chosen < 0) return false;
    const chosen = this.hierarchy.nodes[this.chosen];
    return chosen !== undefined && chosen.topics.includes(node.topics[0]!) && node.topics.length <= chosen.topics.length;
  }

  private item(node: TreeNode, x: number, y: number, width: number, level: number): SVGGElement {
    const isLeaf = node.children === null;
    const isClosed = this.closed.has(node.id);
    const item = svg("g", {
      class: `node ${isLeaf ? "is-leaf" : isClosed ? "is-closed" : "is-open"}${node.id === this.chosen ? " is-chosen" : ""}`,
      "data-node": node.id,
      role: "treeitem",
      tabindex: 0,
      "aria-level": level,
      "aria-label": `${node.name}: ${count(node.topics.length, "topic")}, ${count(node.count, "document")}`,
    });
    if (!isLeaf) item.setAttribute("aria-expanded", String(!isClosed));
    item.append(svg("title", {}, `${node.name} · ${count(node.topics.length, "topic")} · ${count(node.count, "document")}`));
    if (isLeaf || isClosed) {
      const start = TREE + 12;
      if (isClosed) item.append(svg("path", { d: `M${x} ${y}H${TREE}`, class: "stub" }));
      item.append(svg("rect", { x: TREE - 4, y: y - ROW / 2, width: Math.max(0, width - TREE), height: ROW, class: "hit", rx: 4 }));
      const size = isClosed ? ` (${number(node.topics.length)})` : "";
      const label = svg("text", { x: start, y: y + 4 }, fitted(node.name, width - start - 58 - 7 * size.length) + size);
      const total = svg("text", { x: width - 4, y: y + 4, "text-anchor": "end", class: "total" }, number(node.count));
      item.append(label, total);
    }
    const dot = isLeaf
      ? svg("circle", { cx: TREE + 2, cy: y, r: 5, "data-topic": node.topics[0], class: "topic-dot" })
      : svg("circle", { cx: x, cy: y, r: isClosed ? 5 : 4, class: "dot" });
    if (!isLeaf) {
      dot.addEventListener("click", (event) => {
        event.stopPropagation();
        this.toggle(node);
      });
      if (!isClosed) item.append(svg("circle", { cx: x, cy: y, r: 9, class: "hit" }));
    }
    item.append(dot);
    item.addEventListener("click", () => this.onChoose(node));
    item.addEventListener("keydown", (event) => this.key(event, node));
    return item;
  }

  private toggle(node: TreeNode): void {
    this.focus = node.id;
    if (this.closed.has(node.id)) {
      this.closed.delete(node.id);
      for (const child of node.children ?? []) if (child.children) this.closed.add(child.id);
    } else {
      this.closed.add(node.id);
    }
    this.draw(this.root.clientWidth);
  }

  private key(event: KeyboardEvent, node: TreeNode): void {
    const isClosed = this.closed.has(node.id);
    if (event.key === "Enter" || event.key === " ") this.onChoose(node);
    else if (node.children && ((event.key === "ArrowRight" && isClosed) || (event.key === "ArrowLeft" && !isClosed))) {
      this.toggle(node);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const items = [...this.root.querySelectorAll<SVGElement>(".node")].sort(
        (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
      );
      const at = items.findIndex((item) => item.dataset.node === String(node.id));
      items[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
    } else return;
    event.preventDefault();
  }

}
