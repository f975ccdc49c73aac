import { waitGuestInput } from '../guest/effects-schema.ts';
import type { CommandSpec } from './command.ts';
import { misused } from './fail.ts';
import { withNearestGuest } from './find-guest.ts';
import { parseDuration } from './units.ts';

const STATES = waitGuestInput.shape.states.element.options;
const LONGEST_MS = 600_000;

export const guestWait: CommandSpec = {
  usage: 'GUEST [--state STATE]... [--timeout TIME]',
  about: `Ends when the guest is in one of the states: ${STATES.join(', ')} (default: stopped or failed).`,
  options: {
    state: {
      type: 'string',
      short: 's',
      multiple: true,
      value: 'STATE',
      help: 'a state to wait for; may be repeated',
    },
    timeout: {
      type: 'string',
      short: 't',
      value: 'TIME',
      help: 'how long at the most: 30s, 2m (default: for ever)',
    },
  },
  names: { min: 1, max: 1, what: 'the name of a guest' },
  async run({ api: connect, json, names, out, text, texts }) {
    const guest = names[0] ?? '';
    const states = texts('state').flatMap((one) => one.split(','));
    const wanted = states.length === 0 ? (['stopped', 'failed'] as const) : states.map(stateOf);
    const timeout = text('timeout');
    const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout, '--timeout');
    if (timeoutMs !== undefined && timeoutMs > LONGEST_MS) {
      throw misused(`--timeout is ${JSON.stringify(timeout)}: it is at most ${LONGEST_MS / 60_000}m`);
    }
    const api = await connect();
    const result = await api
      .query('guest', 'wait', { guest, states: [...wanted], timeoutMs })
      .catch(async (error) => {
        throw await withNearestGuest(api, guest, error);
      });
    if (json) out.json(result);
    else out.line(`${result.guest?.name ?? guest} is ${result.state}`);
    return 0;
  },
};

function stateOf(text: string): (typeof STATES)[number] {
  const found = STATES.find((one) => one === text);
  if (!found) throw misused(`--state is ${JSON.stringify(text)}: it must be ${STATES.join(', ')}`);
  return found;
}
