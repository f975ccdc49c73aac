import type { CommandSpec } from './command.ts';
import { misused } from './fail.ts';

export const adminPrivileged: CommandSpec = {
  usage: 'USER on|off',
  about: [
    'A privileged user may make and enter privileged guests, give guests folders and disks of the host or its',
    'namespaces, and turn off their walls: whoever may do that has the powers of root on this host.',
    'Off signs the user out everywhere.',
  ].join('\n'),
  names: { min: 2, max: 2, what: 'a user and on or off' },
  async run({ api, json, names, out }) {
    const [username = '', state = ''] = names;
    if (state !== 'on' && state !== 'off') {
      throw misused(`${JSON.stringify(state)} is neither on nor off`);
    }
    const connected = await api();
    const user = await connected.mutate('admin', 'setPrivileged', { username, privileged: state === 'on' });
    if (json) out.json(user);
    else if (user.privileged) out.line(`${user.username} may make and enter privileged guests`);
    else out.line(`${user.username} may not make or enter privileged guests, and was signed out`);
    return 0;
  },
};
