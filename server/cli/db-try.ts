import type { TrialView } from '../backup/schedule-schema.ts';
import { AppError } from '../errors/app-error.ts';
import type { CommandSpec } from './command.ts';
import { formatDuration } from './units.ts';

export const dbTry: CommandSpec = {
  usage: '[BACKUP]',
  about: `Restores BACKUP (the newest, where none is named) into a PostgreSQL of its own beside the real one, compares every table with what
the database had when it was made, and removes it again. Nothing else is changed.`,
  names: { min: 0, max: 1, what: 'a back-up' },
  async run({ api, json, names, out }) {
    const trial: TrialView = await (await api()).mutate(
      'backup',
      'try',
      names[0] ? { backup: names[0] } : {},
    );
    if (json) out.json(trial);
    if (trial.problem !== null) throw new AppError('illegal_state', trial.problem);
    const how = trial.compared ? 'the same as they were' : 'not compared: it does not say what it had';
    if (!json)
      out.line(
        `${trial.name}: ${trial.tables} tables, ${trial.rows} rows, ${how} (${formatDuration(trial.ms)})`,
      );
    return 0;
  },
};
