import type { StoredDesk } from '../../../server/desk/schema.ts';
import { leavesOf, mapLeaves } from './desk-layout.ts';

type Fate = 'placed' | 'detached' | null;

function fateIn({ tabs, detached }: StoredDesk): (session: string) => Fate {
  const placed = new Set(tabs.flatMap(({ layout }) => leavesOf(layout)));
  return (session) => (placed.has(session) ? 'placed' : detached.includes(session) ? 'detached' : null);
}

const arrangementOf = ({ tabs }: StoredDesk) => JSON.stringify(tabs.map(({ layout }) => layout));

/** A tab with what is left of it, and the focus on a part of it; null when nothing is. */
function pruned({ layout, focus }: StoredDesk['tabs'][number], keeps: (session: string) => boolean) {
  const left = mapLeaves(layout, (leaf) => (keeps(leaf) ? leaf : null));
  if (left === null) return null;
  const leaves = leavesOf(left);
  return { layout: left, focus: leaves.includes(focus) ? focus : (leaves[0] ?? '') };
}

/**
 * One desk of two that were made from `base`, in two browsers of one person: what either has put there or taken off since is. It is
 * laid out as here if that was changed here, else as there; what is in front here stays in front.
 */
export function mergeDesks(base: StoredDesk, mine: StoredDesk, theirs: StoredDesk): StoredDesk {
  const [before, here, there] = [fateIn(base), fateIn(mine), fateIn(theirs)];
  const fate = (session: string) => (here(session) === before(session) ? there(session) : here(session));
  const isPlaced = (session: string) => fate(session) === 'placed';
  const [frame, other] = arrangementOf(mine) === arrangementOf(base) ? [theirs, mine] : [mine, theirs];
  const tabs: StoredDesk['tabs'] = [];
  const seen = new Set<string>();
  for (const tab of [...frame.tabs, ...other.tabs]) {
    const kept = pruned(tab, (session) => isPlaced(session) && !seen.has(session));
    if (kept === null) continue;
    for (const leaf of leavesOf(kept.layout)) seen.add(leaf);
    tabs.push(kept);
  }
  const focused = new Set(mine.tabs.map(({ focus }) => focus));
  const front = mine.tabs[mine.active]?.focus;
  const withFocus = tabs.map(({ layout, focus }) => {
    const leaves = leavesOf(layout);
    const own = leaves.find((leaf) => leaf === front) ?? leaves.find((leaf) => focused.has(leaf));
    return { layout, focus: own ?? focus };
  });
  const detached = [...new Set([...theirs.detached, ...mine.detached])].filter(
    (session) => fate(session) === 'detached',
  );
  const active = withFocus.findIndex(({ layout }) => front !== undefined && leavesOf(layout).includes(front));
  return { tabs: withFocus, active: Math.max(0, active), detached };
}
