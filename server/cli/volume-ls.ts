import type { CommandSpec } from './command.ts';
import { formatTable } from './table.ts';
import { formatAgo } from './units.ts';

const COLUMNS = [{ title: 'NAME' }, { title: 'GUESTS' }, { title: 'CREATED' }, { title: 'FOLDER' }] as const;

export const volumeLs: CommandSpec = {
  usage: '',
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out }) {
    const volumes = await (await api()).query('volume', 'list');
    if (json) {
      out.json(volumes);
      return 0;
    }
    const rows = volumes.map((volume) => [
      out.paint('bold', volume.name),
      volume.guests.join(', ') || '-',
      `${formatAgo(volume.createdAt)} by ${volume.createdBy}`,
      volume.path,
    ]);
    out.line(formatTable(COLUMNS, rows));
    return 0;
  },
};
