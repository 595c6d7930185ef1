// Chooses what draws the points: WebGL 2 where a graphics card draws it, else pixels in software.

import type { MapData } from "./data";
import type { PointRenderer } from "./points";
import { SoftwarePoints } from "./software_points";
import { WebGlPoints } from "./webgl_points";

/** Where WebGL itself runs on the processor, drawing pixels directly is several times faster. */
function isDrawnInSoftware(gl: WebGL2RenderingContext): boolean {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

/** Draws on `canvas` with WebGL, else on `pixels`; `wanted` ("webgl" or "software") overrides what the
 * browser suggests. */
export function makePointRenderer(
  canvas: HTMLCanvasElement,
  pixels: HTMLCanvasElement,
  data: MapData,
  wanted: string | null,
  onRestored: () => void,
): PointRenderer | null {
  const options: WebGLContextAttributes = { alpha: true, antialias: false };
  const probe = data.n > 0 && wanted !== "software" ? document.createElement("canvas").getContext("webgl2") : null;
  const isWebGl = probe !== null && (wanted === "webgl" || !isDrawnInSoftware(probe));
  probe?.getExtension("WEBGL_lose_context")?.loseContext();
  const gl = isWebGl ? canvas.getContext("webgl2", options) : null;
  if (gl) return new WebGlPoints(gl, data, canvas, onRestored);
  const context = pixels.getContext("2d", { alpha: false });
  return context ? new SoftwarePoints(context, data) : null;
}
