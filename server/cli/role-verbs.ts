import type { Permission } from '../access/schema.ts';
import type { CommandSpec } from './command.ts';
import { formatTable } from './table.ts';

const COLUMNS = [{ title: 'ROLE' }, { title: 'ALLOWS' }, { title: 'ABOUT' }];

export const roleLs: CommandSpec = {
  usage: '',
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out }) {
    const roles = await (await api()).query('role', 'list');
    if (json) {
      out.json(roles);
      return 0;
    }
    const rows = roles.map(({ name, permissions, about }) => [
      out.paint('bold', name),
      permissions.join(' '),
      about || '-',
    ]);
    out.line(formatTable(COLUMNS, rows));
    return 0;
  },
};

export const roleSet: CommandSpec = {
  usage: 'ROLE PERMISSION... [--about TEXT]',
  about: 'Whoever has the role and loses a permission by this is signed out.',
  options: { about: { type: 'string', value: 'TEXT', help: 'what the role is for' } },
  names: { min: 2, max: Number.POSITIVE_INFINITY, what: 'a role and what it allows' },
  async run({ api, json, names, text, out }) {
    const [name = '', ...permissions] = names;
    // What is no permission the server names.
    const input = { name, about: text('about'), permissions: permissions as Permission[] };
    const role = await (await api()).mutate('role', 'save', input);
    if (json) out.json(role);
    else out.line(`${role.name} allows ${role.permissions.join(', ')}`);
    return 0;
  },
};

export const roleRm: CommandSpec = {
  usage: 'ROLE',
  names: { min: 1, max: 1, what: 'a role' },
  async run({ api, json, names, out }) {
    const role = await (await api()).mutate('role', 'delete', { name: names[0] ?? '' });
    if (json) out.json(role);
    else out.line(`the role ${role.name} is deleted`);
    return 0;
  },
};
