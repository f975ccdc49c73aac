import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { authSecret } from '../auth/auth-secret.ts';
import { readEnding } from '../auth/ending-sessions.ts';
import { assertNotRestoring } from '../backup/restore-marker.ts';
import { assertDatabaseBelongs } from '../db/assert-database-belongs.ts';
import type { Check, Found } from '../doctor/check.ts';
import { checkBackups, checkFiles, checkRoom } from '../doctor/checks/files.ts';
import { Doctor } from '../doctor/doctor.ts';
import { AppError } from '../errors/app-error.ts';
import { readInstance } from '../instance/read-instance.ts';
import { createLog } from '../log.ts';
import { readSettings } from './settings.ts';

/** The doctor without a server: what the data folder alone tells, and why no server would start from it. */
export function folderDoctor(dataDir: string): Doctor {
  const since = new Date(statSync(dataDir).ctimeMs);
  return new Doctor({
    log: createLog(() => undefined),
    checks: [checkReadable(dataDir), checkFiles(dataDir), checkRoom(dataDir), checkBackups(dataDir, since)],
  });
}

/** Each file that a start reads, by the same functions that read it then. */
function checkReadable(dataDir: string): Check {
  const readers: readonly [Found['kind'], () => unknown][] = [
    ['file', () => readInstance(dataDir)],
    ['file', () => readSettings(dataDir)],
    ['file', () => (existsSync(join(dataDir, 'auth-secret')) ? authSecret(dataDir) : null)],
    ['file', () => readEnding(dataDir)],
    ['database', () => assertDatabaseBelongs(dataDir)],
    ['database', () => assertNotRestoring(dataDir)],
  ];
  return {
    what: 'files that the server reads when it starts',
    find: async () =>
      readers.flatMap(([kind, read]) => {
        try {
          read();
          return [];
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          const [problem = '', remedy = 'see the message'] = splitAdvice(error.message);
          return [{ kind, subject: dataDir, problem, remedy }];
        }
      }),
  };
}

/** `what is wrong: what to do`, as all messages are; `FILE is corrupt (it begins with "x: y"): what to do` too. */
function splitAdvice(message: string): [string, string] {
  const at = message.lastIndexOf(': ');
  return at < 0 ? [message, 'see the message'] : [message.slice(0, at), message.slice(at + 2)];
}

/** Throws `unavailable` for a folder that is not there. */
export function assertFolder(dataDir: string): void {
  if (existsSync(dataDir)) return;
  throw new AppError('unavailable', `there is no Berth in ${dataDir}: name its folder with --data`);
}
