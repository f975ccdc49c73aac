import type { GuestView } from '../guest/schema.ts';
import type { Api } from './api.ts';
import type { CommandSpec, Invocation } from './command.ts';
import { misused } from './fail.ts';
import { findGuest } from './find-guest.ts';
import { withPreset } from './guest-create.ts';
import { ISOLATION_OPTIONS, readInit, readIsolation } from './isolation-options.ts';
import { LIMIT_OPTIONS, readLimits } from './limit-options.ts';
import { readSettings, SETTINGS_OPTION } from './read-settings.ts';
import { RECORD_OPTIONS, readRecord } from './record-options.ts';
import { formatBytes, parseDuration } from './units.ts';

export const guestSet: CommandSpec = {
  usage: 'GUEST [OPTIONS] [-- COMMAND...]',
  about: [
    'Limits, devices and mounts of a running guest change at once, everything else counts from its next start. With',
    '--revert-after a change goes back by itself unless berth guest keep GUEST comes in time; berth operation undo takes',
    'back any. Isolation and environment are added to; --settings replaces them. Tags, notes, owner and --record are for people alone:',
    'they count at once and touch nothing of what runs.',
  ].join('\n'),
  options: {
    preset: { type: 'string', value: 'NAME', help: 'limits by a name: small, medium, large, share' },
    ...LIMIT_OPTIONS,
    ...ISOLATION_OPTIONS,
    ...SETTINGS_OPTION,
    ...RECORD_OPTIONS,
    record: {
      type: 'string',
      value: 'WHEN',
      help: 'always: its shells and its console are recorded; asked: when somebody asks for it',
    },
    unlink: { type: 'string', multiple: true, value: 'URL', help: 'a link to take away; may be repeated' },
    untag: { type: 'string', multiple: true, value: 'TAG', help: 'a tag to take away; may be repeated' },
    'stop-timeout': { type: 'string', value: 'TIME', help: 'how long init has to stop: 30s, 500ms' },
    'revert-after': { type: 'string', value: 'TIME', help: 'go back by itself unless it is kept: 30s' },
  },
  names: { min: 1, max: 1, what: 'the name of a guest' },
  rest: 'the command of the guest',
  async run(invocation) {
    const { api: connect, json, names, out, rest, text } = invocation;
    const settings = readSettings(text('settings'));
    const typed = readLimits(invocation);
    const stop = text('stop-timeout');
    const revert = text('revert-after');
    const api = await connect();
    const guest = await findGuest(api, names[0] ?? '');
    const limits = await withPreset(api, invocation, given({ ...settings?.limits, ...typed }));
    const isolation = given({ ...settings?.isolation, ...readIsolation(invocation, guest.isolation) });
    const init = given({ ...settings?.init, ...readInit(invocation, guest.init) });
    const stopTimeoutMs = stop === undefined ? undefined : parseDuration(stop, '--stop-timeout');
    const record = readRecording(text('record'));
    const described = await describe(api, invocation, guest.id);
    if (record !== null) await api.mutate('recording', 'setPolicy', { guest: guest.id, always: record });
    if (!limits && !isolation && !init && stopTimeoutMs === undefined && rest === null) {
      if (!described && record === null) throw misused('nothing to set: see berth help guest set');
      const view = await api.query('guest', 'get', { guest: guest.id });
      if (json) out.json(view);
      else out.line(recordText(view));
      return 0;
    }
    const changed = await api.mutate('guest', 'configure', {
      guest: guest.id,
      ...{ limits, isolation, init, stopTimeoutMs, command: rest ?? undefined },
      revertAfterSeconds:
        revert === undefined ? undefined : Math.ceil(parseDuration(revert, '--revert-after') / 1000),
    });
    const view = await api.query('guest', 'get', { guest: guest.id });
    if (json) out.json({ ...view, readBack: changed.readBack, operation: changed.operation });
    else {
      out.line(summaryOf(view, changed.readBack));
      tellRest(out, view, changed.operation.id);
    }
    return 0;
  },
};

/** Whether to always record it; null: that stays as it is. Throws what else was given. */
function readRecording(word: string | undefined): boolean | null {
  if (word === undefined) return null;
  if (word === 'always' || word === 'asked') return word === 'always';
  throw misused(`--record ${word} is neither always nor asked`);
}

/** What people write, if anything was given; false when none were. */
async function describe(api: Api, invocation: Invocation, guest: string): Promise<boolean> {
  const { tags, links, fields, ...words } = readRecord(invocation);
  const { texts } = invocation;
  const lists = { addTags: tags, removeTags: texts('untag'), addLinks: links, removeLinks: texts('unlink') };
  const change = given({ ...words, ...lists, setFields: fields });
  if (
    !change ||
    Object.values(change).every(
      (value) => value === undefined || (Array.isArray(value) && value.length === 0),
    )
  )
    return false;
  await api.mutate('guest', 'describe', { guest, ...change });
  return true;
}

function recordText({ name, tags, owner, notes, alwaysRecorded, expires, atExpiry }: GuestView): string {
  const lines = notes === '' ? 'no notes' : `${notes.trimEnd().split('\n').length} lines of notes`;
  return `${name}: tags ${tags.join(' ') || 'none'}, owner ${owner ?? 'nobody'}, ${lines}${expires ? `, expires ${expires}${atExpiry === 'nothing' ? '' : ` (${atExpiry})`}` : ''}${alwaysRecorded ? ', always recorded' : ''}`;
}

/** Undefined for nothing at all. */
function given<Part extends object>(part: Part): Part | undefined {
  return Object.keys(part).length === 0 ? undefined : part;
}

function summaryOf(view: GuestView, readBack: GuestView['limits'] | null): string {
  const { cpu, memory, swap, pids } = readBack ?? view.limits;
  const source = readBack ? 'the kernel has' : 'from the next start';
  return `${view.name}: ${source} ${cpu} ${cpu === 1 ? 'core' : 'cores'}, ${formatBytes(memory)} memory, ${formatBytes(swap)} swap, ${pids} pids`;
}

function tellRest(out: Invocation['out'], view: GuestView, operation: string): void {
  const { name, pendingRestart, revertsAt } = view;
  if (pendingRestart.length > 0) {
    out.note(`${pendingRestart.join(', ')} count from the next start: berth guest restart ${name}`);
  }
  if (revertsAt) {
    const seconds = Math.max(0, Math.round((Date.parse(revertsAt) - Date.now()) / 1000));
    out.note(`it goes back in ${seconds} s: berth guest keep ${name} keeps it`);
  } else out.note(`berth operation undo ${operation} takes it back`);
}
