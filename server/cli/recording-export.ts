import { writeFileSync } from 'node:fs';
import { AppError } from '../errors/app-error.ts';
import type { CommandSpec } from './command.ts';
import { httpCall } from './http-call.ts';

export const recordingExport: CommandSpec = {
  usage: 'ID [FILE]',
  about: 'To stdout, or to FILE (0600, and not one that is there). Play it with: asciinema play FILE',
  names: { min: 1, max: 2, what: 'the id of a recording, then a file' },
  async run({ api, names, out }) {
    const [id = '', file] = names;
    const { socketPath } = await api();
    const path = `/api/recordings/${encodeURIComponent(id)}.cast`;
    const { status, body } = await httpCall(socketPath, { method: 'GET', path });
    if (status !== 200)
      throw new AppError('not_found', `there is no recording ${id}: see berth recording ls`);
    if (file === undefined) {
      // As it is: what steers a terminal is escaped in it, as JSON has it.
      await new Promise((resolve) => process.stdout.write(body, resolve));
      return 0;
    }
    writeFileSync(file, body, { mode: 0o600, flag: 'wx' });
    out.note(`${file} is written`);
    return 0;
  },
};
