/** Edits (insert, delete, replace, swap of neighbours) that make `b` of `a`. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** The candidate that was probably meant; null when none is near (a third of its letters, at least 1, at most 3). */
export function nearest(typed: string, candidates: Iterable<string>): string | null {
  let found: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const limit = Math.min(3, Math.max(1, Math.floor(Math.max(typed.length, candidate.length) / 3)));
    const distance = editDistance(typed.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && distance < least) {
      least = distance;
      found = candidate;
    }
  }
  return found;
}

/** `: did you mean stop?`, or nothing. */
export function suggestion(typed: string, candidates: Iterable<string>): string {
  const found = nearest(typed, candidates);
  return found === null ? '' : `: did you mean ${found}?`;
}
