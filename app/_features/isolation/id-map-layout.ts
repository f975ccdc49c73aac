export interface IdRange {
  inside: number;
  outside: number;
  count: number;
}

/** One range as a band between two rulers: where it begins and ends on each, 0 to 1. */
export interface IdBand {
  range: IdRange;
  inside: [number, number];
  outside: [number, number];
}

/** Of a ruler, for the gaps between ranges: ids that are not mapped are shown, not to scale. */
const GAP = 0.04;

/** Where each range is drawn. Ranges are 1 to 2^32 long: widths go by the logarithm, so that each can be seen. Pure. */
export function layoutIdMap(map: readonly IdRange[]): IdBand[] {
  const inside = ruler(map, 'inside');
  const outside = ruler(map, 'outside');
  return map.map((range, index) => ({
    range,
    inside: inside[index] ?? [0, 0],
    outside: outside[index] ?? [0, 0],
  }));
}

function ruler(map: readonly IdRange[], by: 'inside' | 'outside'): [number, number][] {
  const order = map.map((_range, index) => index).sort((a, b) => (map[a]?.[by] ?? 0) - (map[b]?.[by] ?? 0));
  const weights = map.map(({ count }) => 1 + Math.log2(count));
  const gaps = order.slice(1).filter((index, at) => !touches(map[order[at] ?? 0], map[index], by)).length;
  const scale = (1 - gaps * GAP) / weights.reduce((sum, weight) => sum + weight, 0);
  const places: [number, number][] = map.map(() => [0, 0]);
  let x = 0;
  order.forEach((index, at) => {
    const before = order[at - 1];
    if (before !== undefined && !touches(map[before], map[index], by)) x += GAP;
    const width = (weights[index] ?? 0) * scale;
    places[index] = [x, x + width];
    x += width;
  });
  return places;
}

function touches(a: IdRange | undefined, b: IdRange | undefined, by: 'inside' | 'outside'): boolean {
  return a !== undefined && b !== undefined && a[by] + a.count === b[by];
}
