import type { CommandSpec } from './command.ts';
import { misused } from './fail.ts';

export const recordingAlways: CommandSpec = {
  usage: '(GUEST | --all) [on|off]',
  about:
    'Its console and every shell, from now on: what is shown, never what is typed. Without on or off it is told. With --all those of every guest, whatever its own policy is.',
  options: { all: { type: 'boolean', help: 'every guest, those to come among them' } },
  names: { min: 0, max: 2, what: 'the name of a guest, then on or off' },
  async run({ api, json, names, out, flag }) {
    const rest = flag('all') ? names : names.slice(1);
    const guest = flag('all') ? undefined : names[0];
    const [word, more] = rest;
    if (!flag('all') && guest === undefined) throw misused('name a guest, or all of them by --all');
    if (more !== undefined || (word !== undefined && word !== 'on' && word !== 'off'))
      throw misused(`${more ?? word} is neither on nor off`);
    const connected = await api();
    const policy =
      word === undefined
        ? await connected.query('recording', 'policy', { guest })
        : await connected.mutate('recording', 'setPolicy', { guest, always: word === 'on' });
    const who = guest === undefined || policy.everywhere ? 'every guest' : guest;
    const { project } = policy;
    if (json) out.json(policy);
    else if (project) {
      const what = project.input ? 'what is shown and what is typed' : 'what is shown';
      out.line(
        `${guest} is always recorded by the policy of project ${project.name}, as ${project.setBy} has set it: ${what}`,
      );
    } else if (policy.always) out.line(`${who} is always recorded, as ${policy.setBy} has set it`);
    else out.line(`${who} is recorded when somebody asks for it`);
    return 0;
  },
};
