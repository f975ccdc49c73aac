import type { CommandSpec } from './command.ts';
import { operationText } from './show-operation.ts';

export const operationInfo: CommandSpec = {
  usage: 'ID [--output]',
  options: { output: { type: 'boolean', help: 'print what its work printed, as it is' } },
  names: { min: 1, max: 1, what: 'the id of an operation' },
  async run({ api: connect, flag, json, names, out }) {
    const id = names[0] ?? '';
    const api = await connect();
    if (flag('output')) {
      const { text } = await api.query('operation', 'output', { id });
      if (json) out.json({ text });
      // a file gets what was printed, byte for byte; a terminal what can be read of it
      else if (process.stdout.isTTY) out.line(text.replace(/\n$/, ''));
      else process.stdout.write(text.replace(/\n?$/, '\n'));
      return 0;
    }
    const operation = await api.query('operation', 'get', { id });
    if (json) out.json(operation);
    else out.line(operationText(operation, out.paint));
    return 0;
  },
};
