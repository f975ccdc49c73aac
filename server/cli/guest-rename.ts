import type { CommandSpec } from './command.ts';
import { withNearestGuest } from './find-guest.ts';

export const guestRename: CommandSpec = {
  usage: 'GUEST NAME',
  names: { min: 2, max: 2, what: 'a guest and its new name' },
  async run({ api: connect, json, names, out }) {
    const [guest = '', name = ''] = names;
    const api = await connect();
    const renamed = await api.mutate('guest', 'rename', { guest, name }).catch(async (error) => {
      throw await withNearestGuest(api, guest, error);
    });
    const view = await api.query('guest', 'get', { guest: renamed.guest.id });
    if (json) out.json(view);
    else out.line(`${guest} is ${view.name} now`);
    return 0;
  },
};
