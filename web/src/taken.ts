// Loops where TypedArray.from(list, function) would do: that goes through an iterator and takes twenty
// times as long, which a million documents would wait for.

/** The values at some places, in their order. */
export function taken(values: Uint16Array, places: ArrayLike<number>): Uint16Array {
  const out = new Uint16Array(places.length);
  for (let k = 0; k < places.length; k++) out[k] = values[places[k]!]!;
  return out;
}
