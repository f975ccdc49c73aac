import { harmless } from './clean-text.ts';
import type { CommandSpec } from './command.ts';

export const terminalRename: CommandSpec = {
  usage: 'ID [NAME]',
  about: 'What a shell is called on its tab and in lists. Without NAME it is called by its command again.',
  names: { min: 1, max: 2, what: 'the id of a shell: berth terminal ls lists them' },
  async run({ api, json, names, out }) {
    const [session = '', name = null] = names;
    const renamed = await (await api()).mutate('console', 'rename', { session, name });
    if (json) out.json(renamed);
    else out.line(name === null ? `shell ${session} has no name` : `shell ${session} is ${harmless(name)}`);
    return 0;
  },
};
