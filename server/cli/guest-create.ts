import type { CommandSpec } from './command.ts';
import { misused } from './fail.ts';
import { followOperation, requireDone } from './follow-operation.ts';
import { LIMIT_OPTIONS, readLimits } from './limit-options.ts';
import { readSettings, SETTINGS_OPTION } from './read-settings.ts';

export const guestCreate: CommandSpec = {
  usage: '[NAME] [--image IMAGE] [--kind KIND] [--start] [LIMITS] [--settings JSON] [-- COMMAND...]',
  about: [
    'Without a NAME the server makes one up. An image that is not built yet is built first.',
    'COMMAND is the init of a system guest, or the one command of an application guest; default: the',
    "image's own.",
  ].join('\n'),
  options: {
    image: { type: 'string', short: 'i', value: 'IMAGE', help: 'what it is made of: see berth image ls' },
    kind: {
      type: 'string',
      short: 'k',
      value: 'KIND',
      help: 'system (a whole Linux) or application (one command)',
    },
    start: { type: 'boolean', short: 's', help: 'start it too' },
    'no-wait': { type: 'boolean', help: 'answer at once, with the operation' },
    ...LIMIT_OPTIONS,
    ...SETTINGS_OPTION,
  },
  names: { min: 0, max: 1, what: '' },
  rest: 'the command of the guest',
  async run(invocation) {
    const { api: connect, flag, json, names, out, rest, text } = invocation;
    const kind = readKind(text('kind'));
    const settings = readSettings(text('settings'));
    const limits = { ...settings?.limits, ...readLimits(invocation) };
    const api = await connect();
    const start = flag('start');
    const { guest, operation } = await api.mutate('guest', 'create', {
      name: names[0],
      image: text('image'),
      kind,
      command: rest ?? undefined,
      ...settings,
      limits,
      start,
    });
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

function readKind(kind: string | undefined): 'system' | 'application' | undefined {
  if (kind === undefined || kind === 'system' || kind === 'application') return kind;
  throw misused(`--kind is ${JSON.stringify(kind)}: it must be system or application`);
}
