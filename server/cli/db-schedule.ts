import type { BackupsView } from '../backup/schema.ts';
import { AppError } from '../errors/app-error.ts';
import type { CommandSpec } from './command.ts';
import { formatAgo } from './units.ts';

export const dbSchedule: CommandSpec = {
  usage: '[--at TIME|any] [--keep N] [--copy-to FOLDER|none] [--trial never|day|week] [--on|--off]',
  about: `Without options it is told, with how the last one went. Each is copied into FOLDER too, where one is chosen: it has to be there.
A trial restores the back-up that was just made into a PostgreSQL beside the real one and compares every row. What fails is a notice.`,
  options: {
    at: {
      type: 'string',
      value: 'TIME',
      help: 'of the day, UTC, such as 03:30; any: a day after the one before',
    },
    keep: { type: 'string', value: 'N', help: 'how many of them are kept' },
    'copy-to': { type: 'string', value: 'FOLDER', help: 'on this host; none: nowhere' },
    trial: { type: 'string', value: 'EVERY', help: 'how often a restore is tried: never, day or week' },
    on: { type: 'boolean', help: 'make them by itself' },
    off: { type: 'boolean', help: 'make none by itself' },
  },
  names: { min: 0, max: 0, what: '' },
  async run({ api, flag, json, out, text }) {
    const [at, keep, copyTo, trial] = [text('at'), text('keep'), text('copy-to'), text('trial')];
    if (flag('on') && flag('off')) throw new AppError('bad_input', '--on and --off exclude each other');
    if (keep !== undefined && !/^\d{1,6}$/.test(keep))
      throw new AppError('bad_input', `--keep ${keep} is no number of back-ups`);
    const change = {
      ...(flag('on') || flag('off') ? { isOn: flag('on') } : {}),
      ...(at === undefined ? {} : { at: at === 'any' ? null : at }),
      ...(keep === undefined ? {} : { keep: Number(keep) }),
      ...(copyTo === undefined ? {} : { copyTo: copyTo === 'none' ? null : copyTo }),
      // What is none of them the server refuses, naming them.
      ...(trial === undefined ? {} : { trial: trial as 'never' }),
    };
    const connected = await api();
    const view: BackupsView =
      Object.keys(change).length === 0
        ? await connected.query('backup', 'list')
        : await connected.mutate('backup', 'setSchedule', change);
    const { schedule, last, nextAt } = view;
    if (json) out.json({ schedule, last, trial: view.trial, nextAt });
    else for (const line of linesOf(view)) out.line(line);
    return 0;
  },
};

function linesOf({ schedule, last, trial, nextAt }: BackupsView): string[] {
  const { isOn, at, keep, copyTo } = schedule;
  const when = at === null ? 'a day after the one before' : `each day at ${at} UTC`;
  return [
    isOn ? `${when}, ${keep} are kept${copyTo === null ? '' : `, copied to ${copyTo}`}` : 'switched off',
    `restored for a trial: ${schedule.trial === 'never' ? 'never' : `each ${schedule.trial}`}`,
    ...(nextAt === null ? [] : [`next: ${nextAt.slice(0, 16).replace('T', ' ')} UTC`]),
    ...(last === null ? [] : [`last: ${formatAgo(last.at)}, ${last.problem ?? last.name}`]),
    ...(trial === null ? [] : [`last trial: ${formatAgo(trial.at)}, ${trial.problem ?? trial.name}`]),
  ];
}
