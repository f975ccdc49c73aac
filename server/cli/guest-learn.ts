import type { CommandSpec } from './command.ts';

export const guestLearn: CommandSpec = {
  usage: 'GUEST',
  about: `Prints an OCI seccomp profile: the default of the guest's kind, and beside it every system call that the guest
made and the default refuses. It is learnt while the filter of the guest only logs (isolation.seccomp
{ "mode": "log" }, from its start on). What no guest may do stays refused meanwhile, and is not learnt.`,
  names: { min: 1, max: 1, what: 'the name of a guest' },
  async run({ api, names, out }) {
    const guest = names[0] ?? '';
    const { calls, unnamed, lost, running, profile } = await (await api()).query('isolation', 'learn', {
      guest,
    });
    out.json(profile);
    out.note(
      calls.length === 0 ? 'nothing beyond the default was seen' : `beyond the default: ${calls.join(', ')}`,
    );
    if (unnamed > 0) out.note(`${unnamed} calls that have no name on this host are not in it`);
    if (lost) out.note('some calls were not seen: there were too many at once');
    if (!running) out.note(`${guest} does not run: this is what it did when it did`);
    return 0;
  },
};
