import type { CommandSpec } from './command.ts';

export const terminalEnd: CommandSpec = {
  usage: 'ID...',
  about: 'What runs in them is hung up. To leave one without ending it, detach: Ctrl-] in berth guest shell.',
  names: { min: 1, max: Number.POSITIVE_INFINITY, what: 'the id of a shell: berth terminal ls lists them' },
  async run({ api: connect, json, names, out }) {
    const api = await connect();
    const ended: string[] = [];
    for (const session of names) {
      await api.mutate('console', 'close', { session });
      ended.push(session);
      if (!json) out.line(`shell ${session} is ended`);
    }
    if (json) out.json(ended);
    return 0;
  },
};
