import type { CommandSpec } from './command.ts';
import { formatTable } from './table.ts';
import { formatAgo } from './units.ts';

const COLUMNS = [
  { title: 'USER' },
  { title: 'NAME' },
  { title: 'PRIVILEGED' },
  { title: 'CREATED' },
] as const;

export const adminUsers: CommandSpec = {
  usage: '',
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out }) {
    const users = await (await api()).query('admin', 'users');
    if (json) {
      out.json(users);
      return 0;
    }
    const rows = users.map(({ username, name, privileged, createdAt }) => [
      out.paint('bold', username),
      name || '-',
      privileged ? 'yes' : 'no',
      formatAgo(createdAt),
    ]);
    out.line(formatTable(COLUMNS, rows));
    return 0;
  },
};
