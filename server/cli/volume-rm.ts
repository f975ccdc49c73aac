import type { CommandSpec } from './command.ts';

export const volumeRm: CommandSpec = {
  usage: 'VOLUME',
  about: 'All its files go with it. A volume that a guest has mounted stays.',
  names: { min: 1, max: 1, what: 'the name of a volume' },
  async run({ api, json, names, out }) {
    const { volume } = await (await api()).mutate('volume', 'delete', { volume: names[0] ?? '' });
    if (json) out.json({ volume });
    else out.line(`volume ${volume} is deleted`);
    return 0;
  },
};
