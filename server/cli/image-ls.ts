import type { CommandSpec } from './command.ts';
import { stateColour } from './paint.ts';
import { formatTable } from './table.ts';
import { formatAgo, formatBytes } from './units.ts';

const COLUMNS = [
  { title: 'NAME' },
  { title: 'STATE' },
  { title: 'SIZE', align: 'right' },
  { title: 'GUESTS', align: 'right' },
  { title: 'BUILT' },
  { title: 'WHAT' },
] as const;

export const imageLs: CommandSpec = {
  usage: '',
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out }) {
    const images = await (await api()).query('image', 'list');
    if (json) {
      out.json(images);
      return 0;
    }
    const rows = images.map((image) => [
      out.paint('bold', image.name),
      out.paint(stateColour(image.state), image.state),
      image.size === null ? '-' : formatBytes(image.size),
      String(image.guests),
      image.builtAt === null ? '-' : formatAgo(image.builtAt),
      image.title,
    ]);
    out.line(formatTable(COLUMNS, rows));
    return 0;
  },
};
