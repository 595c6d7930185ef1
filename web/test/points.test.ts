import { beforeEach, describe, expect, it, vi } from "vitest";
import { Camera } from "../src/camera";
import { SoftwarePoints } from "../src/software_points";
import { makeStamps } from "../src/stamps";
import { mixed } from "../src/shuffle";
import { smallMap } from "./small_map";

const WHITE = 0xffffffff;
const world = { left: 0, right: 1000, bottom: 0, top: 1000 };

/** Stands for a canvas: counts how often a picture is handed over, and keeps the last one. */
function fakeContext() {
  const canvas = { width: 0, height: 0, hidden: true, style: {} as Record<string, string> };
  const handed: { x: number; y: number; width: number; height: number }[] = [];
  let last = new Uint32Array(0);
  const context = {
    canvas,
    createImageData: (width: number, height: number) => ({ width, height, data: new Uint8ClampedArray(4 * width * height) }),
    putImageData: (image: { data: Uint8ClampedArray }, _x: number, _y: number, x: number, y: number, width: number, height: number) => {
      handed.push({ x, y, width, height });
      last = new Uint32Array(image.data.slice().buffer);
    },
  };
  return { context: context as unknown as CanvasRenderingContext2D, canvas, handed, pixels: () => last };
}

function drawn(map = smallMap({ x: [500, 510], y: [500, 500], topic: [0, 0] })) {
  const fake = fakeContext();
  const points = new SoftwarePoints(fake.context, map);
  const camera = new Camera(world, world, () => undefined);
  camera.resize(200, 100);
  points.setStyle({ codes: map.topic, colors: [[1, 0, 0], [0, 0, 1]], dim: [0.8, 0.8, 0.8], background: [1, 1, 1] });
  points.draw(camera, 1, "now");
  return { ...fake, points, camera };
}

beforeEach(() => void vi.stubGlobal("cancelAnimationFrame", () => undefined));

describe("points in software", () => {
  it("reach beyond the frame on every side", () => {
    const { canvas, points } = drawn();
    expect([canvas.width, canvas.height]).toEqual([280, 140]);
    expect(points.picture()).toMatchObject({ left: 40, top: 20 });
  });

  it("lie where the camera sees them", () => {
    const { canvas, pixels, points } = drawn();
    const { left, top } = points.picture();
    expect(pixels()[(top + 50) * canvas.width + left + 100]! & 0xff).toBe(255); // Red in the middle,
    expect(pixels()[(top + 50) * canvas.width + left + 100]! >>> 8 & 0xff).toBeLessThan(120);
    expect(pixels()[(top + 10) * canvas.width + left + 10]).toBe(WHITE); // nothing in the corner.
  });

  it("are moved, not drawn, while the map is dragged", () => {
    const { handed, points, camera, canvas } = drawn();
    camera.panBy(30, 12);
    points.draw(camera, 1, "moving");
    expect(handed.length).toBe(1);
    expect(points.picture()).toMatchObject({ left: 10, top: 8 });
    expect(canvas.style.transform).toBe("translate(-10px, -8px) scale(1)");
    camera.panBy(30, 0); // Beyond what was drawn.
    points.draw(camera, 1, "moving");
    expect(handed.length).toBe(2);
  });

  it("are drawn for every step of a zoom, or stretched for a while where frames are late", () => {
    const { handed, points, camera, canvas } = drawn();
    camera.zoomAt(100, 50, 1.1);
    points.draw(camera, 1, "moving");
    expect(handed.length).toBe(2);
    expect(handed[1]!.width).toBeLessThan(280); // Only what is seen.
    points.draw(camera, 1, "still");
    expect(handed[2]!.width).toBe(280);
    camera.zoomAt(100, 50, 1.1);
    points.draw(camera, 1, "strained");
    expect(handed.length).toBe(3);
    expect(canvas.style.transform).toContain("scale(1.1");
  });

  it("are whole again at rest, in pieces that add up to the same picture", () => {
    vi.useFakeTimers();
    const n = 30000;
    const random = (seed: number): number[] => Array.from({ length: n }, (_, i) => (i * seed) % 1000);
    const map = smallMap({ x: random(7919), y: random(104729), topic: new Array(n).fill(0) });
    const whole = drawn(map);
    const again = drawn(map);
    let clock = 0;
    vi.spyOn(performance, "now").mockImplementation(() => (clock += 13));
    again.points.setMask(Uint8Array.from({ length: n }, () => 1));
    again.points.setMask(null);
    again.points.draw(again.camera, 1, "still");
    expect(again.handed.length).toBe(1); // Not yet.
    vi.runAllTimers();
    expect(again.handed.length).toBe(2);
    expect(again.pixels()).toEqual(whole.pixels());
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it("beside the mask are dim", () => {
    const { points, camera, pixels, canvas } = drawn();
    points.setMask(Uint8Array.of(0, 1));
    points.draw(camera, 1, "now");
    const { left, top } = points.picture();
    const middle = pixels()[(top + 50) * canvas.width + left + 100]!;
    expect(middle & 0xff).toBeGreaterThan(200);
  });
});

it("stamps cover as much as the disc", () => {
  const { stamps } = makeStamps(3, 1);
  for (const stamp of stamps) {
    const area = stamp.reduce((sum, v) => sum + v, 0) / 256;
    expect(area).toBeGreaterThan(0.95 * Math.PI * 9);
    expect(area).toBeLessThan(1.05 * Math.PI * 9);
  }
});

it("the drawing order holds every document once, outliers first", () => {
  const topic = Array.from({ length: 500 }, (_, i) => i % 5);
  const order = mixed(smallMap({ x: topic, y: topic, topic, hasOutliers: true }));
  expect([...order].sort((a, b) => a - b)).toEqual([...topic.keys()]);
  expect(order.slice(0, 100).every((i) => topic[i] === 0)).toBe(true);
});
