import type { CommandSpec } from './command.ts';
import { withNearestGuest } from './find-guest.ts';

export const guestMove: CommandSpec = {
  usage: 'GUEST PROJECT',
  about: 'Roles for the guest itself stay; those for its project are those of the new one.',
  names: { min: 2, max: 2, what: 'a guest and a project' },
  async run({ api: connect, json, names, out }) {
    const [guest = '', project = ''] = names;
    const api = await connect();
    const view = await api.mutate('guest', 'move', { guest, project }).catch(async (error) => {
      throw await withNearestGuest(api, guest, error);
    });
    if (json) out.json(view);
    else out.line(`${view.name} is in project ${view.project}`);
    return 0;
  },
};
