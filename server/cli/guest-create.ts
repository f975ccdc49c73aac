import type { GuestKind } from '../guest/schema.ts';
import type { Api } from './api.ts';
import type { CommandSpec, Invocation, OptionSpec } from './command.ts';
import { misused } from './fail.ts';
import { followOperation, requireDone } from './follow-operation.ts';
import { ISOLATION_OPTIONS, readInit, readIsolation } from './isolation-options.ts';
import { LIMIT_OPTIONS, readLimits } from './limit-options.ts';
import { readSettings, SETTINGS_OPTION } from './read-settings.ts';
import { RECORD_OPTIONS, readNewRecord } from './record-options.ts';

/** What `create` and `run` have in common. */
export const CREATE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  image: { type: 'string', short: 'i', value: 'IMAGE', help: 'what it is made of: see berth image ls' },
  kind: {
    type: 'string',
    short: 'k',
    value: 'KIND',
    help: 'system (a whole Linux) or application (one command)',
  },
  preset: { type: 'string', value: 'NAME', help: 'limits by a name: small, medium, large, share' },
  project: { type: 'string', value: 'PROJECT', help: 'in which it is: see berth project ls' },
  ...LIMIT_OPTIONS,
  ...ISOLATION_OPTIONS,
  ...SETTINGS_OPTION,
  ...RECORD_OPTIONS,
};

export const guestCreate: CommandSpec = {
  usage: '[NAME] [--image IMAGE] [--kind KIND] [--start] [OPTIONS] [-- COMMAND...]',
  about: [
    'Without a NAME the server makes one up. An image that is not built yet is built first.',
    'COMMAND is the init of a system guest, or the one command of an application guest; default: the',
    "image's own.",
  ].join('\n'),
  options: {
    ...CREATE_OPTIONS,
    start: { type: 'boolean', short: 's', help: 'start it too' },
    'no-wait': { type: 'boolean', help: 'answer at once, with the operation' },
  },
  names: { min: 0, max: 1, what: '' },
  rest: 'the command of the guest',
  async run(invocation) {
    const { api: connect, flag, json, out } = invocation;
    const input = readCreateInput(invocation);
    const api = await connect();
    const start = flag('start');
    const limits = await withPreset(api, invocation, input.limits);
    const { guest, operation } = await api.mutate('guest', 'create', { ...input, limits, start });
    if (flag('no-wait')) {
      if (json) out.json({ guest, operation });
      else out.line(`${guest.name}  (operation ${operation.id})`);
      return 0;
    }
    requireDone(await followOperation(api, operation, { out, silent: json }));
    const made = await api.query('guest', 'get', { guest: guest.id });
    if (json) out.json(made);
    else if (start) out.line(`${made.name} runs${made.addresses.ipv4 ? ` at ${made.addresses.ipv4}` : ''}`);
    else out.line(`${made.name} is there: start it with berth guest start ${made.name}`);
    return 0;
  },
};

/** What the options ask for; typed ones count more than --settings. Throws `bad_input`. */
export function readCreateInput(invocation: Invocation) {
  const { names, rest, text } = invocation;
  const settings = readSettings(text('settings'));
  const kind = readKind(text('kind'));
  const limits = { ...settings?.limits, ...readLimits(invocation) };
  const isolation = { ...settings?.isolation, ...readIsolation(invocation) };
  const init = { ...settings?.init, ...readInit(invocation) };
  return {
    ...(names[0] !== undefined && { name: names[0] }),
    ...(text('image') !== undefined && { image: text('image') }),
    ...(kind && { kind }),
    ...(text('project') !== undefined && { project: text('project') }),
    ...(rest && { command: rest }),
    ...(Object.keys(limits).length > 0 && { limits }),
    ...(Object.keys(isolation).length > 0 && { isolation }),
    ...(Object.keys(init).length > 0 && { init }),
    ...readNewRecord(invocation),
  };
}

function readKind(kind: string | undefined): GuestKind | undefined {
  if (kind === undefined || kind === 'system' || kind === 'application') return kind;
  throw misused(`--kind is ${JSON.stringify(kind)}: it must be system or application`);
}

/** The limits of --preset, under those that were typed. Throws `bad_input` that names the presets. */
export async function withPreset<Limits extends object>(
  api: Api,
  { text }: Pick<Invocation, 'text'>,
  typed: Limits | undefined,
): Promise<Limits | undefined> {
  const name = text('preset');
  if (name === undefined) return typed;
  const presets = await api.query('guest', 'presets');
  const found = presets.find((one) => one.name === name);
  if (!found) {
    const known = presets.map((one) => one.name).join(', ');
    throw misused(`--preset is ${JSON.stringify(name)}: it must be ${known}`);
  }
  return { ...found.limits, ...typed } as Limits;
}
