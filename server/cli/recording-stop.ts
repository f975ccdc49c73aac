import type { CommandSpec } from './command.ts';

export const recordingStop: CommandSpec = {
  usage: 'ID...',
  names: { min: 1, max: 100, what: 'ids of recordings' },
  async run({ api, json, names, out }) {
    const connected = await api();
    for (const id of names) {
      const view = await connected.mutate('recording', 'stop', { id });
      if (json) out.json(view);
      else out.line(`recording ${id} has ended: ${view.seconds.toFixed(0)} s`);
    }
    return 0;
  },
};
