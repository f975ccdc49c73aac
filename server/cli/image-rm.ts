import type { CommandSpec } from './command.ts';
import { withNearestImage } from './find-image.ts';
import { followOperation, requireDone } from './follow-operation.ts';

export const imageRm: CommandSpec = {
  usage: 'IMAGE',
  about: 'Only the built files go; it can be built again. An image with guests stays.',
  names: { min: 1, max: 1, what: 'the name of an image' },
  async run({ api: connect, json, names, out }) {
    const name = names[0] ?? '';
    const api = await connect();
    const { image, operation } = await api.mutate('image', 'delete', { image: name }).catch(async (error) => {
      throw await withNearestImage(api, name, error);
    });
    const ended = await followOperation(api, operation, { out, silent: json });
    requireDone(ended);
    if (json) out.json(ended);
    else out.line(`${image.name} is deleted`);
    return 0;
  },
};
