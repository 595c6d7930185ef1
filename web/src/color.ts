// Colours in OKLCH (equal steps look equal) and how they look to people with the two common forms
// of colour-blindness.

export type Rgb = readonly [number, number, number]; // 0..1, sRGB
type Triple = readonly [number, number, number];

const MATRICES: readonly (readonly Triple[])[] = [
  // Machado, Oliveira & Fernandes 2009, full severity, on linear RGB: deuteranopia, protanopia.
  [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
];

const encode = (v: number): number =>
  v <= 0.0031308 ? 12.92 * v : 1.055 * Math.pow(v, 1 / 2.4) - 0.055;
const decode = (v: number): number =>
  v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
const clamp = (v: number): number => Math.min(1, Math.max(0, v));

function linearFromOklch(l: number, c: number, hue: number): Triple {
  const a = c * Math.cos((hue * Math.PI) / 180);
  const b = c * Math.sin((hue * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

/** The colour, with as much of its chroma as sRGB can show. */
export function oklch(l: number, chroma: number, hue: number): Rgb {
  let c = chroma;
  let linear = linearFromOklch(l, c, hue);
  while (c > 0.01 && linear.some((v) => v < -0.0005 || v > 1.0005)) {
    c *= 0.95;
    linear = linearFromOklch(l, c, hue);
  }
  return [encode(clamp(linear[0])), encode(clamp(linear[1])), encode(clamp(linear[2]))];
}

function oklab(linear: Triple): Triple {
  const [r, g, b] = linear;
  const long = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const medium = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const short = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  ];
}

/** OKLab coordinates as seen with normal, deuteranopic and protanopic eyes. */
function appearances(color: Rgb): Triple[] {
  const linear: Triple = [decode(color[0]), decode(color[1]), decode(color[2])];
  const seen = MATRICES.map((matrix): Triple => {
    const row = (k: number): number => {
      const m = matrix[k]!;
      return clamp(m[0] * linear[0] + m[1] * linear[1] + m[2] * linear[2]);
    };
    return [row(0), row(1), row(2)];
  });
  return [linear, ...seen].map(oklab);
}

/** How far apart two colours look to the eyes that tell them apart worst; half weight on those. */
export function difference(one: Rgb, other: Rgb): number {
  const a = appearances(one);
  const b = appearances(other);
  const distances = a.map((p, k) => {
    const q = b[k]!;
    return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  });
  return 0.5 * distances[0]! + 0.5 * Math.min(...distances);
}

export function css(color: Rgb): string {
  const [r, g, b] = color.map((v) => Math.round(v * 255));
  return `rgb(${r} ${g} ${b})`;
}
