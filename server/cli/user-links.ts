import type { CommandSpec, Invocation } from './command.ts';
import { misused } from './fail.ts';

const WHERE = {
  guest: { type: 'string', value: 'GUEST', help: 'for this guest only' },
  project: { type: 'string', value: 'PROJECT', help: 'for the guests of this project only' },
  tag: { type: 'string', value: 'TAG', help: 'for the guests with this tag only' },
} as const;
const ROLE = {
  type: 'string',
  value: 'ROLE',
  help: 'admin, operator, user, viewer or one of berth role ls',
} as const;

function roleOf({ text }: Pick<Invocation, 'text'>): string {
  const role = text('role');
  if (role === undefined) throw misused('say what they may do with --role: admin, operator, user or viewer');
  return role;
}

function show(
  { out, json }: Pick<Invocation, 'out' | 'json'>,
  link: { url: string; expiresAt: string },
): void {
  if (json) {
    out.json(link);
    return;
  }
  const hours = Math.max(1, Math.round((Date.parse(link.expiresAt) - Date.now()) / 3_600_000));
  out.line(link.url);
  out.note(`good for ${hours} hours, once`);
}

export const userInvite: CommandSpec = {
  usage: '--role ROLE [--guest GUEST | --project PROJECT | --tag TAG]',
  about: 'Whoever opens the link chooses a user name and a password, and has the role from then on.',
  options: { role: ROLE, ...WHERE },
  names: { min: 0, max: 0, what: '' },
  async run(invocation) {
    const { text } = invocation;
    const where = { guest: text('guest'), project: text('project'), tag: text('tag') };
    const input = { role: roleOf(invocation), ...where };
    show(invocation, await (await invocation.api()).mutate('user', 'invite', input));
    return 0;
  },
};

export const userCreate: CommandSpec = {
  usage: 'USER --role ROLE [--guest GUEST | --project PROJECT | --tag TAG] [--name NAME] [--mail ADDRESS]',
  about: 'The user has no password until they set one with the link that is printed.',
  options: {
    ...{ role: ROLE, ...WHERE, name: { type: 'string', value: 'NAME', help: 'as others see them' } },
    mail: { type: 'string', value: 'ADDRESS', help: 'with it they sign in by a provider (berth oidc)' },
  },
  names: { min: 1, max: 1, what: 'a user' },
  async run(invocation) {
    const { names, text, json, out } = invocation;
    const input = {
      ...{ username: names[0] ?? '', role: roleOf(invocation) },
      ...{ guest: text('guest'), project: text('project'), tag: text('tag') },
      ...{ name: text('name'), mail: text('mail') },
    };
    const made = await (await invocation.api()).mutate('user', 'create', input);
    if (json) out.json(made);
    else show(invocation, made.link);
    return 0;
  },
};

export const userReset: CommandSpec = {
  usage: 'USER',
  about: 'When they have used the link, every session of theirs ends.',
  names: { min: 1, max: 1, what: 'a user' },
  async run(invocation) {
    const username = invocation.names[0] ?? '';
    show(invocation, await (await invocation.api()).mutate('user', 'reset', { username }));
    return 0;
  },
};
