import { beforeEach, describe, expect, it, vi } from "vitest";
import { Camera } from "../src/camera";
import { Pace } from "../src/pace";

const world = { left: 0, right: 60000, bottom: 0, top: 60000 };
const home = { left: 10000, right: 50000, bottom: 10000, top: 50000 };

beforeEach(() => void vi.stubGlobal("cancelAnimationFrame", () => undefined));

function camera(): Camera {
  const made = new Camera(world, home, () => undefined);
  made.resize(800, 600);
  return made;
}

describe("the camera", () => {
  it("goes from map to screen and back", () => {
    const c = camera();
    c.set(23456, 34567, 3.3);
    expect(c.toMapX(c.toScreenX(12345))).toBeCloseTo(12345, 6);
    expect(c.toMapY(c.toScreenY(54321))).toBeCloseTo(54321, 6);
  });

  it("shows home whole at first", () => {
    const c = camera();
    for (const [x, y] of [[10000, 10000], [50000, 50000]] as const) expect(c.isInView(x, y)).toBe(true);
  });

  it("keeps the place under the pointer while it magnifies", () => {
    const c = camera();
    const [x, y] = [c.toMapX(500), c.toMapY(200)];
    c.zoomAt(500, 200, 2.7);
    expect(c.toScreenX(x)).toBeCloseTo(500, 6);
    expect(c.toScreenY(y)).toBeCloseTo(200, 6);
  });

  it("stays within the world and its magnifications", () => {
    const c = camera();
    c.panBy(1e9, 1e9);
    expect([c.centerX, c.centerY]).toEqual([0, 60000]);
    c.zoomAt(0, 0, 1e9);
    expect(c.zoom).toBe(400);
    c.zoomAt(0, 0, 1e-9);
    expect(c.zoom).toBeGreaterThan(0.1);
  });
});

describe("the pace", () => {
  /** Frames at even steps, each asked for 4 ms after the last; the time of the last one. */
  const frames = (pace: Pace, step: number, n: number, pause = 4): number => {
    let now = 1000;
    for (let k = 0; k < n; k++) pace.tick(now + pause, (now += step));
    return now;
  };

  it("is easy while frames come in time", () => {
    const pace = new Pace();
    expect(pace.isStrained(frames(pace, 16.7, 200))).toBe(false);
  });

  it("is strained after late frames, and for a while after", () => {
    const pace = new Pace();
    const end = frames(pace, 22, 60);
    expect(pace.isStrained(end)).toBe(true);
    expect(pace.isStrained(end + 5000)).toBe(true);
    expect(pace.isStrained(end + 60000)).toBe(false);
  });

  it("is not strained by a single late frame, nor by pauses", () => {
    const pace = new Pace();
    const end = frames(pace, 16.7, 20);
    pace.tick(end + 4, end + 40);
    expect(pace.isStrained(end + 40)).toBe(false);
    const slow = new Pace();
    expect(slow.isStrained(frames(slow, 50, 50, 45))).toBe(false);
  });
});
