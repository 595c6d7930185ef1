// Points drawn by a graphics card.

import type { Camera } from "./camera";
import type { MapData } from "./data";
import { DIMMED, DrawnPoints, LIT, pointOpacity, pointRadius, type Picture, type PointRenderer, type PointStyle } from "./points";

const VERTEX = `#version 300 es
precision highp float;
precision highp int;
layout(location = 0) in vec2 position;
layout(location = 1) in uint code;
layout(location = 2) in uint shown;
uniform vec2 center;
uniform vec2 scale;
uniform float size;
uniform float opacity;
uniform uint wanted;
uniform bool hasMask;
uniform vec3 dim;
uniform sampler2D palette;
out vec4 color;
out float radius;
void main() {
  if (shown != wanted) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 1.0;
    return;
  }
  gl_Position = vec4((position - center) * scale, 0.0, 1.0);
  vec3 own = texelFetch(palette, ivec2(int(code & 255u), int(code >> 8)), 0).rgb;
  bool isDim = hasMask && shown == 0u;
  color = isDim ? vec4(dim, ${DIMMED.opacity.toFixed(3)} * opacity) : vec4(own, opacity);
  float diameter = size * (isDim ? ${DIMMED.size.toFixed(3)} : hasMask ? ${LIT.size.toFixed(3)} : 1.0);
  gl_PointSize = diameter + 1.5;
  radius = 0.5 * diameter;
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec4 color;
in float radius;
out vec4 result;
void main() {
  float distance = length(gl_PointCoord - 0.5) * (2.0 * radius + 1.5);
  float cover = clamp(radius + 0.5 - distance, 0.0, 1.0);
  float alpha = color.a * cover * min(1.0, radius * radius * 4.0);
  if (alpha <= 0.0) discard;
  result = vec4(color.rgb * alpha, alpha);
}`;

export class WebGlPoints implements PointRenderer {
  readonly kind = "webgl";
  private readonly points: DrawnPoints;
  private program!: WebGLProgram;
  private codeBuffer!: WebGLBuffer;
  private maskBuffer!: WebGLBuffer;
  private style: PointStyle | null = null;
  private isLost = false;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly data: MapData,
    private readonly canvas: HTMLCanvasElement,
    onRestored: () => void,
  ) {
    this.points = new DrawnPoints(data);
    this.prepare();
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.isLost = true;
    });
    canvas.addEventListener("webglcontextrestored", () => {
      this.isLost = false;
      this.prepare();
      if (this.style) this.setStyle(this.style);
      onRestored();
    });
  }

  private shader(type: number, source: string): WebGLShader {
    const shader = this.gl.createShader(type)!;
    this.gl.shaderSource(shader, source);
    this.gl.compileShader(shader);
    return shader;
  }

  private attribute(location: number, values: ArrayBufferView, size: number, isInteger: boolean, type: number) {
    const { gl } = this;
    const buffer = gl.createBuffer()!;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(location);
    if (isInteger) gl.vertexAttribIPointer(location, size, type, 0, 0);
    else gl.vertexAttribPointer(location, size, type, false, 0, 0);
    return buffer;
  }

  private prepare(): void {
    const { gl, points } = this;
    this.program = gl.createProgram()!;
    gl.attachShader(this.program, this.shader(gl.VERTEX_SHADER, VERTEX));
    gl.attachShader(this.program, this.shader(gl.FRAGMENT_SHADER, FRAGMENT));
    gl.linkProgram(this.program);
    if (!gl.getProgramParameter(this.program, gl.LINK_STATUS) && !gl.isContextLost()) {
      throw new Error(`the point program does not link: ${gl.getProgramInfoLog(this.program)}`);
    }
    gl.useProgram(this.program);
    this.attribute(0, points.places, 2, false, gl.UNSIGNED_SHORT);
    this.codeBuffer = this.attribute(1, points.codes, 1, true, gl.UNSIGNED_INT);
    this.maskBuffer = this.attribute(2, points.shown, 1, true, gl.UNSIGNED_BYTE);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.clearColor(0, 0, 0, 0);
  }

  private uniform(name: string): WebGLUniformLocation | null {
    return this.gl.getUniformLocation(this.program, name);
  }

  setStyle(style: PointStyle): void {
    this.style = style;
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.codeBuffer);
    this.points.setCodes(style.codes);
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, this.points.codes);
    const rows = Math.max(1, Math.ceil(style.colors.length / 256));
    const texels = new Uint8Array(256 * rows * 4).fill(255);
    style.colors.forEach((color, i) => {
      color.forEach((v, k) => (texels[4 * i + k] = Math.round(v * 255)));
    });
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 256, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, texels);
    gl.uniform3f(this.uniform("dim"), ...style.dim);
  }

  setMask(mask: Uint8Array | null): void {
    if (!this.points.setMask(mask)) return;
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.maskBuffer);
    this.gl.bufferSubData(this.gl.ARRAY_BUFFER, 0, this.points.shown);
  }

  draw(camera: Camera, ratio: number): void {
    if (this.isLost) return;
    const width = Math.round(camera.width * ratio);
    const height = Math.round(camera.height * ratio);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    const { gl, data } = this;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform2f(this.uniform("center"), camera.centerX, camera.centerY);
    gl.uniform2f(
      this.uniform("scale"),
      (2 * camera.scale) / camera.width,
      (2 * camera.scale) / camera.height,
    );
    gl.uniform1f(this.uniform("size"), 2 * pointRadius(camera, data.n) * ratio);
    gl.uniform1f(this.uniform("opacity"), pointOpacity(camera, data.n));
    gl.uniform1i(this.uniform("hasMask"), this.points.hasMask ? 1 : 0);
    for (const wanted of this.points.hasMask ? [0, 1] : [1]) {
      gl.uniform1ui(this.uniform("wanted"), wanted);
      gl.drawArrays(gl.POINTS, 0, data.n);
    }
  }

  picture(): Picture {
    return { canvas: this.canvas, left: 0, top: 0 };
  }
}
