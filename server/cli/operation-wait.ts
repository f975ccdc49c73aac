import type { CommandSpec } from './command.ts';
import { followOperation, requireDone } from './follow-operation.ts';
import { tookOf } from './show-operation.ts';
import { parseDuration } from './units.ts';

export const operationWait: CommandSpec = {
  usage: 'ID [--timeout TIME]',
  about: 'Ends as the operation did: 0 when it is done, else with the status of its error.',
  options: {
    timeout: {
      type: 'string',
      short: 't',
      value: 'TIME',
      help: 'give up after so long (status 10): 30s, 2m',
    },
  },
  names: { min: 1, max: 1, what: 'the id of an operation' },
  async run({ api: connect, json, names, out, text }) {
    const id = names[0] ?? '';
    const timeout = text('timeout');
    const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout, '--timeout');
    const api = await connect();
    const ended =
      timeoutMs === undefined
        ? await followOperation(api, await api.query('operation', 'get', { id }), { out, silent: json })
        : await api.query('operation', 'wait', { id, timeoutMs });
    if (json) out.json(ended);
    requireDone(ended);
    if (!json) out.line(`${ended.kind} ${ended.subject.name} is done, ${tookOf(ended)}`);
    return 0;
  },
};
