import { diff3Merge } from 'node-diff3';

/**
 * Two edits of one text in one: line by line, each side's where only it changed something. Where both did, both stay, marked, and
 * `clashes` counts those places. Pure.
 */
export function mergeText(base: string, mine: string, theirs: string): { text: string; clashes: number } {
  const lines = (text: string) => text.split('\n');
  const lineOf: string[] = [];
  let clashes = 0;
  for (const { ok, conflict } of diff3Merge(lines(mine), lines(base), lines(theirs), {
    excludeFalseConflicts: true,
  })) {
    if (ok) lineOf.push(...ok);
    if (!conflict) continue;
    clashes += 1;
    lineOf.push('**Mine:**', '', ...conflict.a, '', '**Theirs:**', '', ...conflict.b);
  }
  return { text: lineOf.join('\n'), clashes };
}
