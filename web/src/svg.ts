// Makes SVG elements. Text always goes in as text, never as markup.

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | number | null | undefined> = {},
  ...children: (Node | string | null)[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(name, String(value));
  }
  for (const child of children) if (child !== null) made.append(child);
  return made;
}

/** The text cut to about `width` pixels at 12 px. */
export function fitted(text: string, width: number): string {
  const most = Math.max(4, Math.floor(width / 6.3));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
