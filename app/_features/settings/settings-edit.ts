import type { NamespacePeer } from '../../../server/guest/namespace-rules-schema.ts';
import type { GuestInit, GuestIsolation, GuestKind } from '../../../server/guest/schema.ts';

/** What the sections of settings read and change: a draft, and what is wrong with it. */
export interface SettingsEdit {
  /** The guest's name; null while it is not made. */
  guest: string | null;
  kind: GuestKind;
  /** The guests whose namespaces it shares, directly or through others: what the kernel's rules look at. */
  peers: readonly NamespacePeer[];
  isolation: GuestIsolation;
  init: GuestInit;
  /** What the draft began as; settings that differ from it are marked. */
  base: { isolation: GuestIsolation; init: GuestInit };
  setIsolation: (part: Partial<GuestIsolation>) => void;
  setInit: (part: Partial<GuestInit>) => void;
  /** What is wrong by path into the configuration: `isolation.mounts.0.target`. */
  problems: ReadonlyMap<string, string>;
}

/** What is wrong with exactly this path. */
export function problemAt(edit: Pick<SettingsEdit, 'problems'>, path: string): string | null {
  return edit.problems.get(path) ?? null;
}

/** Whether something is wrong at one of these paths or below it. */
export function hasProblem(edit: Pick<SettingsEdit, 'problems'>, paths: readonly string[]): boolean {
  return [...edit.problems.keys()].some((found) =>
    paths.some((path) => found === path || found.startsWith(`${path}.`)),
  );
}
