import type { SessionView } from '../console/schema.ts';
import { harmless } from './clean-text.ts';
import type { CommandSpec } from './command.ts';
import { findGuest } from './find-guest.ts';
import { formatTable } from './table.ts';
import { formatAgo } from './units.ts';

const COLUMNS = [
  ...[{ title: 'ID' }, { title: 'GUEST' }, { title: 'NAME' }, { title: 'COMMAND' }, { title: 'USER' }],
  ...[{ title: 'OPENED' }, { title: 'WITH' }, { title: 'IDLE LIMIT' }],
] as const;

export const terminalLs: CommandSpec = {
  usage: '[GUEST]',
  about:
    'Shells run on when nobody looks at them: berth guest shell GUEST --session ID comes back to one. WITH is who looks, the one who drives first.',
  names: { min: 0, max: 1, what: 'the name of a guest' },
  async run({ api: connect, json, names, out }) {
    const api = await connect();
    const [name] = names;
    const sessions =
      name === undefined
        ? await api.query('console', 'all')
        : await api.query('console', 'sessions', { guest: (await findGuest(api, name)).id });
    const running = sessions.filter(({ exit }) => exit === null);
    if (json) out.json(running);
    else
      out.line(
        formatTable(
          COLUMNS,
          running.map((one) => [out.paint('bold', one.id), ...cellsOf(one)]),
        ),
      );
    return 0;
  },
};

function cellsOf({ guest, name, command, user, createdAt, people, idleMinutes }: SessionView): string[] {
  return [
    guest,
    harmless(name ?? '-'),
    command.length > 0 ? harmless(command.join(' ')) : 'login shell',
    user,
    formatAgo(createdAt),
    people.length > 0 ? harmless(people.join(', ')) : 'detached',
    idleMinutes === null ? 'never' : `${idleMinutes} min`,
  ];
}
