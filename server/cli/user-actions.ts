import type { CommandSpec } from './command.ts';

const ONE = { min: 1, max: 1, what: 'a user' };
const TWO = { min: 2, max: 2, what: 'a user and a role' };
const WHERE = {
  guest: { type: 'string', value: 'GUEST', help: 'for this guest only' },
  project: { type: 'string', value: 'PROJECT', help: 'for the guests of this project only' },
  tag: { type: 'string', value: 'TAG', help: 'for the guests with this tag only' },
} as const;

export const userGrant: CommandSpec = {
  usage: 'USER ROLE [--guest GUEST | --project PROJECT | --tag TAG]',
  options: WHERE,
  names: TWO,
  async run({ api, json, names, text, out }) {
    const [username = '', role = ''] = names;
    const [guest, project, tag] = [text('guest'), text('project'), text('tag')];
    const user = await (await api()).mutate('user', 'grant', { username, role, guest, project, tag });
    const where = guest ?? (project && `project ${project}`) ?? (tag && `the tag ${tag}`);
    if (json) out.json(user);
    else out.line(`${username} has the role ${role} ${where === undefined ? 'everywhere' : `for ${where}`}`);
    return 0;
  },
};

export const userTake: CommandSpec = {
  usage: 'USER ROLE [--guest GUEST | --project PROJECT | --tag TAG]',
  options: WHERE,
  names: TWO,
  async run({ api, json, names, text, out }) {
    const [username = '', role = ''] = names;
    const user = await (await api()).mutate('user', 'take', {
      ...{ username, role },
      ...{ guest: text('guest'), project: text('project'), tag: text('tag') },
    });
    if (json) out.json(user);
    else out.line(`${username} has the role ${role} no more, and was signed out`);
    return 0;
  },
};

export const userRevoke: CommandSpec = {
  usage: 'USER [--session SESSION]',
  about: 'They may sign in again: berth user disable keeps them out.',
  options: { session: { type: 'string', value: 'SESSION', help: 'only this one of berth user sessions' } },
  names: ONE,
  async run({ api, json, names, text, out }) {
    const username = names[0] ?? '';
    const done = await (await api()).mutate('user', 'revoke', { username, session: text('session') });
    if (json) out.json(done);
    else out.line(`${done.ended} ${done.ended === 1 ? 'session' : 'sessions'} of ${username} ended`);
    return 0;
  },
};

export const userDisable: CommandSpec = {
  usage: 'USER',
  names: ONE,
  async run({ api, json, names, out }) {
    const user = await (await api()).mutate('user', 'disable', { username: names[0] ?? '' });
    if (json) out.json(user);
    else out.line(`${user.username} is signed out and cannot sign in`);
    return 0;
  },
};

export const userEnable: CommandSpec = {
  usage: 'USER',
  names: ONE,
  async run({ api, json, names, out }) {
    const user = await (await api()).mutate('user', 'enable', { username: names[0] ?? '' });
    if (json) out.json(user);
    else out.line(`${user.username} can sign in again`);
    return 0;
  },
};

export const userForgetDevice: CommandSpec = {
  usage: 'USER',
  about:
    'For who has lost the device for codes, the recovery codes or a passkey: they sign in with the password alone until they set up others.',
  names: ONE,
  async run({ api, json, names, out }) {
    const user = await (await api()).mutate('user', 'forgetDevice', { username: names[0] ?? '' });
    if (json) out.json(user);
    else out.line(`${user.username} signs in with the password alone`);
    return 0;
  },
};

export const userRm: CommandSpec = {
  usage: 'USER',
  names: ONE,
  async run({ api, json, names, out }) {
    const user = await (await api()).mutate('user', 'delete', { username: names[0] ?? '' });
    if (json) out.json(user);
    else out.line(`${user.username} is deleted`);
    return 0;
  },
};
