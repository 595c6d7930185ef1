// Colours of everything: of topics and columns, in light and dark.

import { css, type Rgb } from "./color";
import { Colorings, type Coloring } from "./coloring";
import type { Column, MapData } from "./data";
import { makePalettes, type Palette, type Place } from "./palette";
import type { PointStyle } from "./points";
import type { Theme } from "./theme";

const DIM: Record<Theme, Rgb> = { light: [0.82, 0.82, 0.81], dark: [0.27, 0.28, 0.31] };
const BACKGROUND: Record<Theme, Rgb> = { light: [250 / 255, 250 / 255, 247 / 255], dark: [19 / 255, 21 / 255, 24 / 255] };

export class Looks {
  theme: Theme = "light";
  private readonly palettes: { light: Palette; dark: Palette };
  private readonly colorings: Colorings;

  constructor(data: MapData, placeOf: (topic: number) => Place) {
    this.palettes = makePalettes(data.topics, data.topics.map((_, i) => placeOf(i)));
    this.colorings = new Colorings(data, { light: this.palettes.light.points, dark: this.palettes.dark.points });
  }

  get palette(): Palette {
    return this.palettes[this.theme];
  }

  /** What the points are coloured by; by topic where `key` means nothing. */
  coloring(key: string): Coloring {
    return this.colorings.get(key);
  }

  colorsOf(column: Column): string[] {
    return this.coloring(column.name).colors[this.theme].map(css);
  }

  style(key: string): PointStyle {
    const { theme } = this;
    const { codes, colors } = this.coloring(key);
    return { codes, colors: colors[theme], dim: DIM[theme], background: BACKGROUND[theme] };
  }
}
