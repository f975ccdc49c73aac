import { AppError } from '../errors/app-error.ts';
import type { CommandSpec } from './command.ts';
import { formatBytes, parseBytes } from './units.ts';

export const recordingLimits: CommandSpec = {
  usage: '[--most SIZE] [--quota SIZE] [--days N]',
  about: 'Without options they are told. They count at once, also for what is recorded now and for what was.',
  options: {
    most: { type: 'string', value: 'SIZE', help: 'of one recording, such as 64M: it ends there' },
    quota: {
      type: 'string',
      value: 'SIZE',
      help: 'of all together: none begins and those that go on end there',
    },
    days: { type: 'string', value: 'N', help: 'how long one is kept after its end' },
  },
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out, text }) {
    const [most, quota, days] = [text('most'), text('quota'), text('days')];
    if (days !== undefined && !/^\d+$/.test(days))
      throw new AppError('bad_input', `--days ${days} is no number of days`);
    const connected = await api();
    const isAsking = most === undefined && quota === undefined && days === undefined;
    const limits = isAsking
      ? (await connected.query('recording', 'list', {})).limits
      : await connected.mutate('recording', 'setLimits', {
          mostBytes: most === undefined ? undefined : parseBytes(most, '--most'),
          quotaBytes: quota === undefined ? undefined : parseBytes(quota, '--quota'),
          keepDays: days === undefined ? undefined : Number(days),
        });
    if (json) out.json(limits);
    else {
      out.line(
        `one: ${formatBytes(limits.mostBytes)}, all: ${formatBytes(limits.quotaBytes)}, kept: ${limits.keepDays} days`,
      );
    }
    return 0;
  },
};
