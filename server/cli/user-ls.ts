import type { GrantView } from '../access/schema.ts';
import { harmless } from './clean-text.ts';
import type { CommandSpec } from './command.ts';
import { formatTable } from './table.ts';
import { formatAgo } from './units.ts';

const USER_COLUMNS = [
  ...[{ title: 'USER' }, { title: 'NAME' }, { title: 'ROLES' }, { title: 'PRIVILEGED' }],
  ...[{ title: 'SESSIONS' }, { title: 'SEEN' }, { title: 'CREATED' }],
];
const SESSION_COLUMNS = [{ title: 'SESSION' }, { title: 'FROM' }, { title: 'SEEN' }, { title: 'BROWSER' }];

function rolesOf(grants: readonly GrantView[]): string {
  return (
    grants
      .map(({ role, guest, project, tag }) => {
        if (guest) return `${role}:${guest.name}`;
        if (tag) return `${role}#${tag}`;
        return project ? `${role}@${project}` : role;
      })
      .join(', ') || '-'
  );
}

export const userLs: CommandSpec = {
  usage: '',
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out }) {
    const users = await (await api()).query('user', 'list');
    if (json) {
      out.json(users);
      return 0;
    }
    const rows = users.map((user) => [
      out.paint('bold', user.username),
      user.name || '-',
      user.disabledAt ? 'disabled' : rolesOf(user.grants),
      user.privileged ? 'yes' : 'no',
      String(user.sessions),
      user.seenAt ? formatAgo(user.seenAt) : '-',
      formatAgo(user.createdAt),
    ]);
    out.line(formatTable(USER_COLUMNS, rows));
    return 0;
  },
};

export const userSessions: CommandSpec = {
  usage: 'USER',
  names: { min: 1, max: 1, what: 'a user' },
  async run({ api, json, names, out }) {
    const sessions = await (await api()).query('user', 'sessions', { username: names[0] ?? '' });
    if (json) {
      out.json(sessions);
      return 0;
    }
    const rows = sessions.map(({ id, address, seenAt, agent }) => [
      id,
      address ?? '-',
      formatAgo(seenAt),
      agent === null ? '-' : harmless(agent),
    ]);
    out.line(formatTable(SESSION_COLUMNS, rows));
    return 0;
  },
};
