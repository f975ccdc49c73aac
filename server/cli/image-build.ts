import type { CommandSpec } from './command.ts';
import { withNearestImage } from './find-image.ts';
import { followOperation, requireDone } from './follow-operation.ts';
import { formatBytes, formatDuration } from './units.ts';

export const imageBuild: CommandSpec = {
  usage: 'IMAGE',
  about: 'Ctrl-C leaves the build at work: berth operation cancel stops it.',
  options: { 'no-wait': { type: 'boolean', help: 'answer at once, with the operation' } },
  names: { min: 1, max: 1, what: 'the name of an image' },
  async run({ api: connect, flag, json, names, out }) {
    const name = names[0] ?? '';
    const api = await connect();
    const { image, operation } = await api.mutate('image', 'build', { image: name }).catch(async (error) => {
      throw await withNearestImage(api, name, error);
    });
    if (flag('no-wait')) {
      if (json) out.json({ image, operation });
      else out.line(`${image.name} is being built (operation ${operation.id})`);
      return 0;
    }
    const ended = await followOperation(api, operation, { out, silent: json });
    requireDone(ended);
    const built = (await api.query('image', 'list')).find((one) => one.name === image.name) ?? image;
    if (json) out.json(built);
    else {
      const took = ended.endedAt ? Date.parse(ended.endedAt) - Date.parse(ended.createdAt) : 0;
      out.line(`${built.name} is built: ${formatBytes(built.size ?? 0)} in ${formatDuration(took)}`);
    }
    return 0;
  },
};
