import type { VolumeView } from '../volume/schema.ts';
import type { CommandSpec } from './command.ts';
import { formatTable } from './table.ts';
import { formatAgo } from './units.ts';

/** `web, db and 2 others`. */
function volumeUsers({ guests, hidden }: VolumeView): string {
  const named = guests.map(({ name }) => name).join(', ');
  if (hidden === 0) return named;
  const others = hidden === 1 ? '1 other' : `${hidden} others`;
  return named === '' ? others : `${named} and ${others}`;
}

const COLUMNS = [
  { title: 'NAME' },
  { title: 'PROJECT' },
  { title: 'GUESTS' },
  { title: 'CREATED' },
  { title: 'FOLDER' },
] as const;

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
      volume.project,
      volumeUsers(volume) || '-',
      `${formatAgo(volume.createdAt)} by ${volume.createdBy}`,
      volume.path,
    ]);
    out.line(formatTable(COLUMNS, rows));
    return 0;
  },
};
