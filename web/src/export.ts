// Saves what is seen: topics or documents as CSV, the map as PNG or SVG.

import type { Camera } from "./camera";
import { css, type Rgb } from "./color";
import { topicName, type MapData } from "./data";
import { pointRadius, type Picture } from "./points";
import { svg } from "./svg";

function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function toCsv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => row.map(field).join(",") + "\r\n").join("");
}

function save(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

export function saveTopics(data: MapData): void {
  const rows = data.topics.map((topic) => [
    topic.id,
    topic.count,
    topicName(topic),
    topic.words.map(([word]) => word).join(" "),
  ]);
  const csv = toCsv([["topic", "count", "name", "words"], ...rows]);
  save("topics.csv", new Blob(["\ufeff", csv], { type: "text/csv" }));
}

export function saveDocuments(data: MapData, docs: ArrayLike<number>): void {
  const columns = data.columns.map(({ name }) => name);
  const rows: (string | number)[][] = [["row", "topic", "name", "probability", "title", "text", ...columns]];
  for (let k = 0; k < docs.length; k++) {
    const i = docs[k]!;
    const topic = data.topics[data.topic[i]!]!;
    const probability = data.hasPercent ? (data.percent(i) / 100).toFixed(2) : "";
    rows.push([data.row(i), topic.id, topicName(topic), probability, data.docTitle(i), data.text(i), ...columns.map((_, c) => data.cell(c, i))]);
  }
  save("documents.csv", new Blob(["\ufeff", toCsv(rows)], { type: "text/csv" }));
}

/** The map with its names on one canvas. */
export function drawPicture(
  target: HTMLCanvasElement,
  layers: readonly Picture[],
  labels: Iterable<HTMLElement>,
  host: HTMLElement,
): void {
  const ratio = devicePixelRatio || 1;
  target.width = Math.round(host.clientWidth * ratio);
  target.height = Math.round(host.clientHeight * ratio);
  const context = target.getContext("2d");
  if (!context) return;
  const frame = host.getBoundingClientRect();
  const page = getComputedStyle(document.documentElement).getPropertyValue("--map").trim();
  context.fillStyle = page;
  context.fillRect(0, 0, target.width, target.height);
  for (const { canvas, left, top } of layers) context.drawImage(canvas, -left, -top);
  context.scale(ratio, ratio);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const label of labels) {
    const style = getComputedStyle(label);
    const box = label.getBoundingClientRect();
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.strokeStyle = page;
    context.lineWidth = 4;
    context.fillStyle = style.color;
    const x = box.left - frame.left + box.width / 2;
    const y = box.top - frame.top + box.height / 2;
    const lines = breakLines(context, label.textContent ?? "", box.width);
    const step = parseFloat(style.fontSize) * 1.18;
    lines.forEach((line, k) => {
      const at = y + (k - (lines.length - 1) / 2) * step;
      context.strokeText(line, x, at);
      context.fillText(line, x, at);
    });
  }
}

export interface Vector {
  readonly data: MapData;
  readonly camera: Camera;
  readonly codes: ArrayLike<number>;
  readonly colors: readonly Rgb[];
  readonly dim: Rgb;
  readonly mask: Uint8Array | null;
  readonly opacity: number;
  readonly contours: readonly string[];
  readonly labels: readonly HTMLElement[];
  readonly host: HTMLElement;
  /** The points as a picture, for when there are too many for circles. */
  readonly raster: HTMLCanvasElement;
}

const MOST_CIRCLES = 30000;

/** The view as lines, circles and text. Of very many points, a picture takes the circles' place. */
export function vectorPicture(view: Vector): string {
  const { data, camera, host } = view;
  const { width, height } = camera;
  const style = getComputedStyle(document.documentElement);
  const page = style.getPropertyValue("--map").trim();
  const root = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` });
  root.append(svg("title", {}, data.title), svg("rect", { width, height, fill: page }));
  const radius = pointRadius(camera, data.n);
  const inView: number[] = [];
  for (let i = 0; i < data.n; i++) if (camera.isInView(data.x[i]!, data.y[i]!, -radius)) inView.push(i);
  if (inView.length > MOST_CIRCLES) {
    root.append(svg("image", { width, height, href: view.raster.toDataURL("image/png") }));
  } else {
    const group = svg("g", { "fill-opacity": view.opacity.toFixed(2) });
    const isDim = (i: number): boolean => view.mask !== null && view.mask[i] === 0;
    for (const i of inView.sort((a, b) => Number(isDim(b)) - Number(isDim(a)) || a - b)) {
      const color = isDim(i) ? view.dim : view.colors[view.codes[i]!]!;
      const cx = camera.toScreenX(data.x[i]!).toFixed(1);
      group.append(svg("circle", { cx, cy: camera.toScreenY(data.y[i]!).toFixed(1), r: radius.toFixed(2), fill: css(color) }));
    }
    root.append(group);
  }
  const contour = style.getPropertyValue("--contour").trim();
  for (const path of view.contours) root.append(svg("path", { d: path, fill: "none", stroke: contour, "stroke-width": 0.9 }));
  const frame = host.getBoundingClientRect();
  const measure = document.createElement("canvas").getContext("2d");
  for (const label of view.labels) {
    const own = getComputedStyle(label);
    const box = label.getBoundingClientRect();
    const size = parseFloat(own.fontSize);
    if (measure) measure.font = `${own.fontWeight} ${own.fontSize} ${own.fontFamily}`;
    const lines = measure ? breakLines(measure, label.textContent ?? "", box.width) : [label.textContent ?? ""];
    const text = svg("text", {
      "text-anchor": "middle", "font-family": own.fontFamily, "font-size": size, "font-weight": own.fontWeight,
      fill: own.color, stroke: page, "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke",
    });
    const x = box.left - frame.left + box.width / 2;
    const y = box.top - frame.top + box.height / 2 + 0.35 * size;
    lines.forEach((line, k) => {
      text.append(svg("tspan", { x: x.toFixed(1), y: (y + (k - (lines.length - 1) / 2) * size * 1.18).toFixed(1) }, line));
    });
    root.append(text);
  }
  return new XMLSerializer().serializeToString(root);
}

export function saveVector(text: string): void {
  save("map.svg", new Blob([text], { type: "image/svg+xml" }));
}

function breakLines(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1]!;
    const longer = last ? `${last} ${word}` : word;
    if (last && context.measureText(longer).width > width + 2) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.slice(0, 2);
}

export function savePicture(canvas: HTMLCanvasElement): void {
  canvas.toBlob((blob) => {
    if (blob) save("map.png", blob);
  });
}
