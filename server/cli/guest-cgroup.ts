import type { CommandSpec } from './command.ts';
import { withNearestGuest } from './find-guest.ts';

export const guestCgroup: CommandSpec = {
  usage: 'GUEST FILE [VALUE]',
  about: [
    'Reads a file of the guest’s own control group (memory.stat, cpu.max), in the hierarchy that has it. With a VALUE it is',
    'written first, past the inventory: it lasts until that limit is changed or the guest is started again.',
  ].join('\n'),
  names: { min: 2, max: 3, what: 'the name of a guest and of a file, such as memory.stat' },
  async run({ api: connect, json, names, out }) {
    const [guest = '', file = '', value] = names;
    const api = await connect();
    const answer = await (value === undefined
      ? api.query('guest', 'cgroup', { guest, file })
      : api.mutate('guest', 'setCgroup', { guest, file, value })
    ).catch(async (error) => {
      throw await withNearestGuest(api, guest, error);
    });
    if (json) out.json({ file, ...answer });
    else out.line(answer.value.trimEnd());
    return 0;
  },
};
