import type { CommandSpec } from './command.ts';

export const operationUndo: CommandSpec = {
  usage: 'ID',
  about:
    'Gives a guest back the settings that an operation of guest set changed, unless they were changed again since.',
  names: { min: 1, max: 1, what: 'the id of an operation' },
  async run({ api: connect, json, names, out }) {
    const api = await connect();
    const undone = await api.mutate('guest', 'undo', { operation: names[0] ?? '' });
    if (json) out.json(undone);
    else out.line(`${undone.guest.name} has what it had before (operation ${undone.operation.id})`);
    return 0;
  },
};
