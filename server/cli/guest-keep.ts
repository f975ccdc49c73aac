import type { CommandSpec } from './command.ts';
import { withNearestGuest } from './find-guest.ts';

export const guestKeep: CommandSpec = {
  usage: 'GUEST',
  about: 'A change that was made with --revert-after stays.',
  names: { min: 1, max: 1, what: 'the name of a guest' },
  async run({ api: connect, json, names, out }) {
    const guest = names[0] ?? '';
    const api = await connect();
    await api.mutate('guest', 'keep', { guest }).catch(async (error) => {
      throw await withNearestGuest(api, guest, error);
    });
    const view = await api.query('guest', 'get', { guest });
    if (json) out.json(view);
    else out.line(`${view.name} keeps its settings`);
    return 0;
  },
};
