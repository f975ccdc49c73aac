import { statSync } from 'node:fs';
import { AppError } from '../errors/app-error.ts';
import { readFacts } from './backup-folder.ts';
import { sha256Of } from './make-backup.ts';
import { runPgTool } from './pg-tools.ts';

/**
 * Whether a back-up is whole: its size and SHA-256 as they were written down (for one of Berth's own), and every byte of it
 * readable. Throws `illegal_state` that names the file and what is wrong with it.
 */
export async function checkBackup(path: string, bin: string): Promise<void> {
  const facts = readFacts(path);
  const wrong = (what: string) =>
    new AppError('illegal_state', `${path} is no whole back-up: ${what}; choose another one (berth db ls)`);
  const { size } = statSync(path);
  if (facts && facts.bytes !== size) throw wrong(`it has ${size} bytes, and had ${facts.bytes}`);
  if (facts && facts.sha256 !== (await sha256Of(path))) throw wrong('its SHA-256 is not what it was');
  await runPgTool('pg_restore', bin, ['--file=/dev/null', path]).catch((cause: unknown) => {
    if (cause instanceof AppError && /is not there/.test(cause.message)) throw cause;
    throw wrong(cause instanceof Error ? cause.message : String(cause));
  });
}
