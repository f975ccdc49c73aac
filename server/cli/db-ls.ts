import type { BackupsView } from '../backup/schema.ts';
import type { CommandSpec } from './command.ts';
import { formatTable } from './table.ts';
import { formatAgo, formatBytes } from './units.ts';

const COLUMNS = [
  { title: 'NAME' },
  { title: 'WHY' },
  { title: 'SIZE', align: 'right' },
  { title: 'MADE' },
] as const;

export const dbLs: CommandSpec = {
  usage: '',
  about: `They are made as berth db schedule says (each day; seven are kept) and before the schema of the database changes (five are kept).
Those that were asked for stay until their files are removed.`,
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out }) {
    const view: BackupsView = await (await api()).query('backup', 'list');
    if (json) {
      out.json(view);
      return 0;
    }
    const rows = view.backups.map((backup) => [
      out.paint('bold', backup.name),
      backup.reason,
      formatBytes(backup.bytes),
      formatAgo(backup.at),
    ]);
    out.line(rows.length > 0 ? formatTable(COLUMNS, rows) : `no back-ups yet in ${view.folder}`);
    if (view.problem !== null) out.note(`the last one by itself failed: ${view.problem}`);
    return 0;
  },
};
