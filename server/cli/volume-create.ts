import type { CommandSpec } from './command.ts';

export const volumeCreate: CommandSpec = {
  usage: 'VOLUME',
  about: 'A guest gets it with a mount whose source is volume:VOLUME; it outlives the guest.',
  names: { min: 1, max: 1, what: 'a name for the volume' },
  async run({ api, json, names, out }) {
    const volume = await (await api()).mutate('volume', 'create', { volume: names[0] ?? '' });
    if (json) out.json(volume);
    else out.line(`volume ${volume.name} is at ${volume.path}`);
    return 0;
  },
};
