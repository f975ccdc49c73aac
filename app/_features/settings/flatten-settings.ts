import { SHAREABLE_NAMESPACES } from '../../../server/guest/isolation-schema.ts';
import type { GuestInit, GuestIsolation, GuestLimits } from '../../../server/guest/schema.ts';
import {
  deviceText,
  hookText,
  idRangeText,
  ioText,
  mountText,
  rlimitText,
  seccompText,
  sizeText,
} from './describe-setting.ts';
import { BYTES_PATHS, type GuestConfig } from './guest-settings.ts';
import { sameValue } from './same-value.ts';

/** One setting: its path as in the YAML, an entry of a list by its name (`isolation.mounts[/data]`). */
export interface FlatSetting {
  path: string;
  text: string;
  value: unknown;
}

export interface SettingChange {
  path: string;
  from: string;
  to: string;
}

/** How a setting reads that is not there. */
const NOTHING = 'none';
const SECTIONS = [
  'limits',
  'isolation',
  'init',
  'command',
  'stopTimeoutMs',
  'owner',
  'tags',
  'notes',
  'contact',
  'links',
  'expires',
  'atExpiry',
  'fields',
  'alwaysRecorded',
];

/** Every setting of a configuration, in the order of the file. */
export function flattenSettings(config: Partial<GuestConfig>): Map<string, FlatSetting> {
  const { limits, isolation, init, command, stopTimeoutMs, alwaysRecorded } = config;
  const rows: FlatSetting[] = [
    ...(limits ? limitRows(limits) : []),
    ...(isolation ? isolationRows(isolation) : []),
    ...(init ? initRows(init) : []),
    ...(command ? [{ path: 'command', text: JSON.stringify(command), value: command }] : []),
    ...(stopTimeoutMs === undefined ? [] : [row('stopTimeoutMs', stopTimeoutMs)]),
    ...wordRows(config),
    ...(alwaysRecorded === undefined ? [] : [row('alwaysRecorded', alwaysRecorded)]),
  ];
  return new Map(rows.map((each) => [each.path, each]));
}

/** What differs between two configurations; what one of them lacks is `none` in it. */
export function changesOf(before: Partial<GuestConfig>, after: Partial<GuestConfig>): SettingChange[] {
  const a = flattenSettings(before);
  const b = flattenSettings(after);
  const section = (path: string) => SECTIONS.indexOf(/^\w+/.exec(path)?.[0] ?? '');
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => !sameValue(a.get(path)?.value, b.get(path)?.value))
    .sort((x, y) => section(x) - section(y))
    .map((path) => ({ path, from: a.get(path)?.text ?? NOTHING, to: b.get(path)?.text ?? NOTHING }));
}

/** What people write. */
function wordRows(config: Partial<GuestConfig>): FlatSetting[] {
  const { owner, tags, notes, contact, links, expires, atExpiry, fields } = config;
  return [
    ...(owner === undefined ? [] : [{ ...row('owner', owner), text: owner ?? 'nobody' }]),
    ...(tags ? [row('tags', tags)] : []),
    ...(notes === undefined ? [] : [row('notes', notes || null)]),
    ...(contact === undefined ? [] : [row('contact', contact || null)]),
    ...entries(
      'links',
      links ?? [],
      ({ url }) => url,
      ({ title }) => title,
    ),
    ...(expires === undefined ? [] : [row('expires', expires)]),
    ...(atExpiry === undefined ? [] : [row('atExpiry', atExpiry)]),
    ...branch('fields', fields ?? {}),
  ];
}

function limitRows({ io, hugepages, ...plain }: GuestLimits): FlatSetting[] {
  return [
    ...branch('limits', plain),
    ...entries('limits.io', io, (each) => each.device, ioText),
    ...entries(
      'limits.hugepages',
      hugepages,
      (each) => each.size,
      (each) => sizeText(each.bytes),
    ),
  ];
}

function isolationRows(isolation: GuestIsolation): FlatSetting[] {
  const { namespaces, capabilities, masked, readOnly, sysctls } = isolation;
  const seccomp = {
    path: 'isolation.seccomp',
    text: seccompText(isolation.seccomp),
    value: isolation.seccomp,
  };
  return [
    ...SHAREABLE_NAMESPACES.map((type) => row(`isolation.namespaces.${type}`, namespaces[type] ?? 'own')),
    row('isolation.privileged', isolation.privileged),
    ...entries('isolation.idMap', isolation.idMap ?? [], (each) => String(each.inside), idRangeText),
    row('isolation.nesting', isolation.nesting),
    ...branch('isolation.capabilities', capabilities),
    seccomp,
    ...branch('isolation.masked', masked),
    ...branch('isolation.readOnly', readOnly),
    ...branch('isolation.sysctls', sysctls),
    ...entries('isolation.rlimits', isolation.rlimits, (each) => each.name, rlimitText),
    row('isolation.label', isolation.label),
    ...entries('isolation.mounts', isolation.mounts, (each) => each.target, mountText),
    ...entries('isolation.devices', isolation.devices, (each) => each.source, deviceText),
    row('isolation.lxcfs', isolation.lxcfs),
  ];
}

function initRows({ hooks, ...plain }: GuestInit): FlatSetting[] {
  return [
    ...branch('init', plain),
    ...entries('init.hooks', hooks, (_hook, index) => `${index + 1}`, hookText),
  ];
}

/** A row for each leaf below an object. */
function branch(at: string, value: object): FlatSetting[] {
  return Object.entries(value).flatMap(([key, part]) => {
    const path = `${at}.${key}`;
    const isBranch = typeof part === 'object' && part !== null && !Array.isArray(part);
    return isBranch ? branch(path, part) : [row(path, part)];
  });
}

function row(path: string, value: unknown): FlatSetting {
  if (typeof value === 'number' && BYTES_PATHS.has(path)) return { path, value, text: sizeText(value) };
  if (Array.isArray(value)) return { path, value, text: value.join(', ') || NOTHING };
  return { path, value, text: value === null ? 'not set' : String(value) };
}

/** A row for each entry of a list, named by what makes it that one; a second of the same name by its place too. */
function entries<Entry>(
  at: string,
  list: readonly Entry[],
  name: (entry: Entry, index: number) => string,
  text: (entry: Entry) => string,
): FlatSetting[] {
  const seen = new Map<string, number>();
  return list.map((entry, index) => {
    const base = name(entry, index);
    const times = (seen.get(base) ?? 0) + 1;
    seen.set(base, times);
    return { path: `${at}[${base}${times > 1 ? ` ${times}` : ''}]`, text: text(entry), value: entry };
  });
}
