import type { CommandSpec } from './command.ts';

export const recordingRm: CommandSpec = {
  usage: 'ID...',
  about: 'One that goes on is stopped first (berth recording stop).',
  names: { min: 1, max: 100, what: 'ids of recordings' },
  async run({ api, json, names, out }) {
    const connected = await api();
    for (const id of names) {
      await connected.mutate('recording', 'delete', { id });
      if (json) out.json({ id });
      else out.line(`recording ${id} is deleted`);
    }
    return 0;
  },
};
