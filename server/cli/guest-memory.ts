import type { CommandSpec } from './command.ts';
import { misused } from './fail.ts';
import { withNearestGuest } from './find-guest.ts';
import { parseBytes } from './units.ts';

const DECISIONS = ['raise', 'kill', 'stop'] as const;
const SAID = {
  raise: 'goes on with more memory',
  kill: 'goes on without one process',
  stop: 'is stopped',
};

export const guestMemory: CommandSpec = {
  usage: 'GUEST --raise SIZE|--kill|--stop',
  about: [
    'A guest with --out-of-memory freeze stands still when its memory is full, and nothing is lost until somebody',
    'decides: it gets more, the kernel kills one of its processes, or it is stopped.',
  ].join('\n'),
  options: {
    raise: { type: 'string', value: 'SIZE', help: 'its new limit of memory; it goes on where it stands' },
    kill: { type: 'boolean', help: 'end the process that the kernel picks' },
    stop: { type: 'boolean', help: 'stop the guest' },
  },
  names: { min: 1, max: 1, what: 'the name of a guest' },
  async run({ api: connect, flag, json, names, out, text }) {
    const guest = names[0] ?? '';
    const more = text('raise');
    const asked = { raise: more !== undefined, kill: flag('kill'), stop: flag('stop') };
    const [decision, ...others] = DECISIONS.filter((one) => asked[one]);
    if (decision === undefined || others.length > 0)
      throw misused('choose one: --raise SIZE, --kill or --stop');
    const memory = more === undefined ? undefined : parseBytes(more, '--raise');
    const api = await connect();
    const view = await api
      .mutate('guest', 'decideMemory', { guest, decision, memory })
      .catch(async (error) => {
        throw await withNearestGuest(api, guest, error);
      });
    if (json) out.json(view);
    else out.line(`${view.name} ${SAID[decision]}`);
    return 0;
  },
};
