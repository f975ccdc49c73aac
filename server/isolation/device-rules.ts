import { statSync } from 'node:fs';
import type { GuestIsolation, GuestKind } from '../guest/schema.ts';
import { kindDevices } from '../runtime/kind-devices.ts';
import type { IsolationView } from './schema.ts';

type Rule = NonNullable<IsolationView['live']>['devices'][number];
type Device = GuestIsolation['devices'][number];

const NAMES: Readonly<Record<string, string>> = {
  'c 1:3': 'null',
  'c 1:5': 'zero',
  'c 1:7': 'full',
  'c 1:8': 'random',
  'c 1:9': 'urandom',
  'c 5:0': 'tty',
  'c 5:1': 'console',
  'c 5:2': 'ptmx',
  'c 136:*': 'pts/*',
};

/**
 * Which devices a guest may use: as v1's devices.list tells, or where a program filters them, which cannot be asked, what it
 * was made of: the devices of the kind and those of the settings.
 */
export function deviceRules(
  list: readonly string[] | null,
  kind: GuestKind,
  devices: readonly Device[],
): Rule[] {
  const plugged = devices.flatMap((device) => {
    const numbers = numbersOf(device.source);
    return numbers ? [{ numbers, device }] : [];
  });
  const lines = list ?? [
    ...kindDevices(kind),
    ...plugged.map(({ numbers, device }) => `${numbers} ${device.access}`),
  ];
  return lines.flatMap((line) => {
    const rule = parseRule(line);
    if (!rule) return [];
    const key = `${rule.type} ${rule.numbers}`;
    const own = plugged.find(({ numbers }) => numbers === key)?.device.source.replace('/dev/', '');
    return [{ ...rule, name: own ?? NAMES[key] ?? null }];
  });
}

/** `c 10:200 rwm`. Pure. */
function parseRule(line: string): Omit<Rule, 'name'> | null {
  const [type, numbers, access] = line.split(' ');
  if ((type !== 'c' && type !== 'b' && type !== 'a') || !numbers || !access) return null;
  return { type, numbers, access };
}

/** `c 10:200` of a node of the host; null when it is gone. */
function numbersOf(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isCharacterDevice() && !stat?.isBlockDevice()) return null;
  // Linux' dev_t: 12 bits of the major in the middle, 20 of the minor around it.
  const major = (stat.rdev >> 8) & 0xfff;
  const minor = (stat.rdev & 0xff) | ((stat.rdev >> 12) & 0xfff00);
  return `${stat.isBlockDevice() ? 'b' : 'c'} ${major}:${minor}`;
}
