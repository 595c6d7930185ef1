// Saves what is seen: topics or documents as CSV, the map as PNG.

import { topicName, type MapData } from "./data";

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
  const rows: (string | number)[][] = [["row", "topic", "name", "probability", "title", "text"]];
  for (let k = 0; k < docs.length; k++) {
    const i = docs[k]!;
    const topic = data.topics[data.topic[i]!]!;
    const probability = data.hasPercent ? (data.percent(i) / 100).toFixed(2) : "";
    rows.push([data.row(i), topic.id, topicName(topic), probability, data.docTitle(i), data.text(i)]);
  }
  save("documents.csv", new Blob(["\ufeff", toCsv(rows)], { type: "text/csv" }));
}

/** The map with its names on one canvas. */
export function drawPicture(
  target: HTMLCanvasElement,
  points: HTMLCanvasElement,
  labels: Iterable<HTMLElement>,
  host: HTMLElement,
): void {
  const ratio = points.width / Math.max(1, host.clientWidth);
  target.width = points.width;
  target.height = points.height;
  const context = target.getContext("2d");
  if (!context) return;
  const frame = host.getBoundingClientRect();
  const page = getComputedStyle(document.documentElement).getPropertyValue("--map").trim();
  context.fillStyle = page;
  context.fillRect(0, 0, target.width, target.height);
  context.drawImage(points, 0, 0);
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
