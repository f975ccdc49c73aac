import type { CommandSpec } from './command.ts';
import { formatTable } from './table.ts';
import { formatAgo, formatBytes } from './units.ts';

const COLUMNS = [
  { title: 'ID' },
  { title: 'GUEST' },
  { title: 'WHAT' },
  { title: 'BY' },
  { title: 'STARTED' },
  { title: 'SECONDS', align: 'right' },
  { title: 'SIZE', align: 'right' },
  { title: 'END' },
] as const;

export const recordingLs: CommandSpec = {
  usage: '[GUEST]',
  about: 'Newest first, of one guest or of all; also of guests that are gone.',
  names: { min: 0, max: 1, what: 'the name of a guest' },
  async run({ api, json, names, out }) {
    const view = await (await api()).query('recording', 'list', { guest: names[0] });
    if (json) {
      out.json(view);
      return 0;
    }
    const rows = view.recordings.map((one) => [
      one.id,
      one.guest,
      one.hasInput ? `${one.title} (with what was typed)` : one.title,
      one.startedBy,
      formatAgo(one.startedAt),
      one.seconds.toFixed(0),
      formatBytes(one.size),
      one.end ?? out.paint('red', 'recording'),
    ]);
    out.line(rows.length > 0 ? formatTable(COLUMNS, rows) : 'nothing was recorded yet');
    return 0;
  },
};
