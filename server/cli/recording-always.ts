import { AppError } from '../errors/app-error.ts';
import type { CommandSpec } from './command.ts';

export const recordingAlways: CommandSpec = {
  usage: 'GUEST [on|off]',
  about:
    'Its console and every shell, from now on: what is shown, never what is typed. Without on or off it is told.',
  names: { min: 1, max: 2, what: 'the name of a guest, then on or off' },
  async run({ api, json, names, out }) {
    const [guest = '', word] = names;
    if (word !== undefined && word !== 'on' && word !== 'off')
      throw new AppError('bad_input', `${word} is neither on nor off`);
    const connected = await api();
    const policy =
      word === undefined
        ? await connected.query('recording', 'policy', { guest })
        : await connected.mutate('recording', 'setPolicy', { guest, always: word === 'on' });
    if (json) out.json(policy);
    else if (policy.always) out.line(`${guest} is always recorded, as ${policy.setBy} has set it`);
    else out.line(`${guest} is recorded when somebody asks for it`);
    return 0;
  },
};
