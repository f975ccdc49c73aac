import type { CommandSpec } from './command.ts';

export const volumeMove: CommandSpec = {
  usage: 'VOLUME PROJECT',
  about: 'Guests keep what they have mounted; who may mount it anew, the new project says.',
  names: { min: 2, max: 2, what: 'a volume and a project' },
  async run({ api, json, names, out }) {
    const [volume = '', project = ''] = names;
    const view = await (await api()).mutate('volume', 'move', { volume, project });
    if (json) out.json(view);
    else out.line(`volume ${view.name} is of project ${view.project}`);
    return 0;
  },
};
