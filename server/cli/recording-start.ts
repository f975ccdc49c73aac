import type { CommandSpec } from './command.ts';

export const recordingStart: CommandSpec = {
  usage: 'GUEST [--session ID] [--input]',
  about: 'Its console, or with --session one of its shells. Everybody in it is told.',
  options: {
    session: { type: 'string', value: 'ID', help: 'this shell: berth guest info lists them' },
    input: { type: 'boolean', help: 'also what is typed, passwords included' },
  },
  names: { min: 1, max: 1, what: 'the name of a guest' },
  async run({ api, flag, json, names, out, text }) {
    const input = flag('input');
    const session = text('session');
    const target = session === undefined ? { guest: names[0] ?? '' } : { session };
    const view = await (await api()).mutate('recording', 'start', { ...target, input });
    if (json) out.json(view);
    else out.line(`${view.title} of ${view.guest} is recorded: ${view.id}`);
    return 0;
  },
};
