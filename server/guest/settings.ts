import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import {
  type GuestInit,
  type GuestIsolation,
  type GuestLimits,
  guestInit,
  guestIsolation,
  guestLimits,
} from './schema.ts';

/** Everything of a guest that can be configured. */
export interface Settings {
  limits: GuestLimits;
  isolation: GuestIsolation;
  init: GuestInit;
  /** argv of init. */
  command: string[];
  stopTimeoutMs: number;
}

/** Some of it: limits field by field, isolation and init part by part. */
export const settingsPatch = z.object({
  limits: guestLimits.partial().optional(),
  isolation: guestIsolation.partial().optional(),
  init: guestInit.partial().optional(),
  command: z.array(z.string()).optional(),
  stopTimeoutMs: z.number().optional(),
});
export type SettingsPatch = z.infer<typeof settingsPatch>;

/** The same data as the database gives it back. */
export const settingsSchema = z.object({
  limits: guestLimits,
  isolation: guestIsolation,
  init: guestInit,
  command: z.array(z.string()),
  stopTimeoutMs: z.number(),
});

/** The settings of a record, and nothing else of it. Pure. */
export function settingsOf(record: Settings): Settings {
  const { limits, isolation, init, command, stopTimeoutMs } = record;
  return { limits, isolation, init, command, stopTimeoutMs };
}

/** The settings with the patch over them. Pure. */
export function patched(settings: Settings, patch: SettingsPatch): Settings {
  return {
    limits: { ...settings.limits, ...defined(patch.limits) },
    isolation: { ...settings.isolation, ...defined(patch.isolation) },
    init: { ...settings.init, ...defined(patch.init) },
    command: patch.command ?? settings.command,
    stopTimeoutMs: patch.stopTimeoutMs ?? settings.stopTimeoutMs,
  };
}

/** What of `to` differs from `from`: `patched(from, patchTo(from, to))` is `to`. Pure. */
export function patchTo(from: Settings, to: Settings): SettingsPatch {
  const groups = (['limits', 'isolation', 'init'] as const).flatMap((group) => {
    const part = differing(from[group], to[group]);
    return part ? [[group, part] as const] : [];
  });
  const single = (['command', 'stopTimeoutMs'] as const).flatMap((name) =>
    isDeepStrictEqual(from[name], to[name]) ? [] : [[name, to[name]] as const],
  );
  return settingsPatch.parse(Object.fromEntries([...groups, ...single]));
}

/** What a patch sets, by name: `limits.memory`, `command`. Pure. */
export function namesIn(patch: SettingsPatch): string[] {
  const { limits, isolation, init, ...single } = patch;
  return [
    ...Object.keys(defined(limits)).map((name) => `limits.${name}`),
    ...Object.keys(defined(isolation)).map((name) => `isolation.${name}`),
    ...Object.keys(defined(init)).map((name) => `init.${name}`),
    ...Object.keys(defined(single)),
  ];
}

/** The patch without the settings of these names. Pure. */
export function without(patch: SettingsPatch, names: ReadonlySet<string>): SettingsPatch {
  const keep = <Part extends object>(group: string, part: Part | undefined) => {
    const kept = Object.entries(part ?? {}).filter(([name]) => !names.has(`${group}.${name}`));
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  };
  const { command, stopTimeoutMs } = patch;
  return settingsPatch.parse(
    defined({
      limits: keep('limits', patch.limits),
      isolation: keep('isolation', patch.isolation),
      init: keep('init', patch.init),
      command: names.has('command') ? undefined : command,
      stopTimeoutMs: names.has('stopTimeoutMs') ? undefined : stopTimeoutMs,
    }),
  );
}

function differing(from: object, to: object): object | null {
  const before = new Map(Object.entries(from));
  const changed = Object.entries(to).filter(([name, value]) => !isDeepStrictEqual(value, before.get(name)));
  return changed.length === 0 ? null : Object.fromEntries(changed);
}

/** Without the names whose value is left out: what nobody said must not overwrite. */
function defined<Part extends object>(part: Part | undefined): Part | Record<string, never> {
  if (!part) return {};
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined)) as Part;
}
