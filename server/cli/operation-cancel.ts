import type { CommandSpec } from './command.ts';

export const operationCancel: CommandSpec = {
  usage: 'ID',
  about: 'What it made is undone. Not every operation can be cancelled.',
  names: { min: 1, max: 1, what: 'the id of an operation' },
  async run({ api: connect, json, names, out }) {
    const id = names[0] ?? '';
    const api = await connect();
    const asked = await api.mutate('operation', 'cancel', { id });
    const ended = asked.status === 'running' ? await api.query('operation', 'wait', { id }) : asked;
    if (json) out.json(ended);
    else out.line(`${ended.kind} ${ended.subject.name} is ${ended.status}`);
    return ended.status === 'cancelled' ? 0 : 4;
  },
};
