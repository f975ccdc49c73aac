import type { CommandSpec } from './command.ts';
import { formatBytes } from './units.ts';

export const dbBackup: CommandSpec = {
  usage: '',
  about:
    'A copy of the whole database (guests, users, history), made while everybody works on. Files of guests are not in it.',
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out }) {
    const backup = await (await api()).mutate('backup', 'create');
    if (json) out.json(backup);
    else out.line(`${backup.name}: ${formatBytes(backup.bytes)}, read through and on disk`);
    return 0;
  },
};
