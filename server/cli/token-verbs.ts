import type { Permission } from '../access/schema.ts';
import type { CommandSpec } from './command.ts';
import { misused } from './fail.ts';
import { formatTable } from './table.ts';
import { formatAgo, parseNumber } from './units.ts';

const COLUMNS = [
  ...[{ title: 'TOKEN' }, { title: 'USER' }, { title: 'NAME' }, { title: 'MAY' }, { title: 'PROJECT' }],
  ...[{ title: 'ENDS' }, { title: 'USED' }, { title: 'FROM' }],
];

export const tokenLs: CommandSpec = {
  usage: '[USER]',
  names: { min: 0, max: 1, what: 'a user' },
  async run({ api, json, names, out }) {
    const tokens = await (await api()).query('token', 'list', { username: names[0] });
    if (json) {
      out.json(tokens);
      return 0;
    }
    const rows = tokens.map((token) => [
      token.id,
      token.username,
      out.paint('bold', token.name),
      token.role ?? token.permissions.join(' '),
      token.project ?? '-',
      Date.parse(token.expiresAt) < Date.now() ? 'over' : token.expiresAt.slice(0, 10),
      token.usedAt ? formatAgo(token.usedAt) : 'never',
      token.usedFrom ?? '-',
    ]);
    out.line(formatTable(COLUMNS, rows));
    return 0;
  },
};

export const tokenCreate: CommandSpec = {
  usage: 'USER NAME --role ROLE | --permission PERMISSION... [--project PROJECT] [--days DAYS]',
  about: [
    'A program that sends the header Authorization: Bearer TOKEN acts for USER, with those rights alone, and never with more than',
    'USER has. The token is printed this once.',
  ].join('\n'),
  options: {
    role: { type: 'string', value: 'ROLE', help: 'it may what this role allows' },
    permission: {
      type: 'string',
      value: 'PERMISSION',
      multiple: true,
      help: 'or just this; may be given often',
    },
    project: { type: 'string', value: 'PROJECT', help: 'in this project only' },
    days: { type: 'string', value: 'DAYS', help: 'how long it is good for; default: 90' },
  },
  names: { min: 2, max: 2, what: 'a user and a name for the token' },
  async run({ api, json, names, text, texts, out }) {
    const [username = '', name = ''] = names;
    const role = text('role');
    // What is no permission the server names.
    const permissions = texts('permission') as Permission[];
    if ((role === undefined) === (permissions.length === 0))
      throw misused('say what the token may: by --role, or by --permission');
    const days = text('days');
    const made = await (await api()).mutate('token', 'create', {
      ...{ username, name, role, project: text('project') },
      ...(permissions.length > 0 && { permissions }),
      ...(days !== undefined && { days: parseNumber(days, '--days', '90') }),
    });
    if (json) {
      out.json(made);
      return 0;
    }
    out.line(made.secret);
    out.note(`good until ${made.token.expiresAt.slice(0, 10)}; berth token rm ${made.token.id} ends it`);
    return 0;
  },
};

export const tokenRm: CommandSpec = {
  usage: 'TOKEN',
  about: 'By its id in berth token ls. What it has open ends within a second.',
  names: { min: 1, max: 1, what: 'a token' },
  async run({ api, json, names, out }) {
    const done = await (await api()).mutate('token', 'delete', { token: names[0] ?? '' });
    if (json) out.json(done);
    else out.line(`the token ${done.token} is deleted`);
    return 0;
  },
};
