import type { CommandSpec } from './command.ts';

export const volumeCreate: CommandSpec = {
  usage: 'VOLUME [--project PROJECT]',
  about: 'A guest gets it with a mount whose source is volume:VOLUME; it outlives the guest.',
  names: { min: 1, max: 1, what: 'a name for the volume' },
  options: {
    project: { type: 'string', value: 'PROJECT', help: 'whose people may mount it (default: default)' },
  },
  async run({ api, json, names, text, out }) {
    const input = { volume: names[0] ?? '', project: text('project') };
    const volume = await (await api()).mutate('volume', 'create', input);
    if (json) out.json(volume);
    else out.line(`volume ${volume.name} of project ${volume.project} is at ${volume.path}`);
    return 0;
  },
};
