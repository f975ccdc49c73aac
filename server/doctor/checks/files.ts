import { existsSync, readdirSync, statSync } from 'node:fs';
import { chmod, chown, lstat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { backupFolder, factsPath, listBackups, readFacts } from '../../backup/backup-folder.ts';
import type { Check, Found } from '../check.ts';

interface Expected {
  name: string;
  /** Bits that must not be there. */
  never: number;
  mode: number;
}

/** What nobody but root may read or write. */
const SECRETS: readonly Expected[] = [
  { name: '.', never: 0o022, mode: 0o711 },
  { name: 'auth-secret', never: 0o077, mode: 0o600 },
  { name: 'signed-out.json', never: 0o077, mode: 0o600 },
  { name: 'instance.json', never: 0o022, mode: 0o644 },
  { name: 'settings.json', never: 0o022, mode: 0o644 },
  { name: 'backups', never: 0o077, mode: 0o700 },
  { name: 'cache', never: 0o077, mode: 0o700 },
  { name: 'guests', never: 0o022, mode: 0o711 },
  { name: 'images', never: 0o022, mode: 0o755 },
  { name: 'volumes', never: 0o077, mode: 0o700 },
  { name: 'log', never: 0o077, mode: 0o700 },
];

/** Owner and mode of what Berth keeps; it works without a server. */
export function checkFiles(dataDir: string): Check {
  return {
    what: 'owners and modes of the data folder',
    async find() {
      const found: Found[] = [];
      for (const { name, never, mode } of SECRETS) {
        const path = join(dataDir, name);
        const facts = await lstat(path).catch(() => null);
        if (!facts) continue;
        if (facts.isSymbolicLink()) {
          found.push({
            ...{
              kind: 'file',
              subject: path,
              problem: 'it is a link',
              remedy: 'put the real one in its place',
            },
          });
          continue;
        }
        const wrong = [
          ...(facts.uid === 0 ? [] : [`it belongs to uid ${facts.uid}`]),
          ...((facts.mode & never) === 0
            ? []
            : [`others may do too much with it (mode ${(facts.mode & 0o7777).toString(8)})`]),
        ];
        if (wrong.length === 0) continue;
        found.push({
          ...{
            kind: 'file',
            subject: path,
            problem: wrong.join(', and '),
            remedy: `make it root's, mode ${mode.toString(8)}`,
          },
          mend: async () => {
            await chown(path, 0, 0);
            await chmod(path, mode);
          },
        });
      }
      return found;
    },
  };
}

const LEAST_SHARE = 0.05;

/** Room on the disk of the data folder, for bytes and for files; it works without a server. */
export function checkRoom(dataDir: string): Check {
  return {
    what: 'room on the disk',
    async find() {
      const { bavail, blocks, bsize, files, ffree } = await statfs(dataDir);
      const found: Found[] = [];
      const gib = (count: number) => ((count * bsize) / 1024 ** 3).toFixed(1);
      if (bavail < blocks * LEAST_SHARE) {
        found.push({
          ...{
            kind: 'file',
            subject: dataDir,
            problem: `its disk is nearly full: ${gib(bavail)} of ${gib(blocks)} GiB are free`,
          },
          remedy: 'delete guests, images or volumes that nobody needs, or give it a larger disk',
        });
      }
      // Some file systems have no fixed number of files.
      if (files > 0 && ffree < files * LEAST_SHARE) {
        found.push({
          ...{
            kind: 'file',
            subject: dataDir,
            problem: `its file system can hold few more files: ${ffree} of ${files} are free`,
          },
          remedy: 'delete guests, images or volumes that nobody needs',
        });
      }
      return found;
    },
  };
}

const TWO_DAYS = 2 * 86_400_000;

/** Whether the database could be brought back; `make` makes a back-up where a server is there to do it. */
export function checkBackups(dataDir: string, since: Date, make?: () => Promise<unknown>): Check {
  return {
    what: 'back-ups of the database',
    async find() {
      // One from the future, made before the clock was set back, says nothing of the days until then.
      const last = listBackups(dataDir).find(({ at }) => Date.parse(at) <= Date.now());
      const damaged = damagedBackups(dataDir);
      const newest = last ? Date.parse(last.at) : since.getTime();
      if (Date.now() - newest < TWO_DAYS) return damaged;
      return [
        ...damaged,
        {
          ...{
            kind: 'database',
            subject: 'back-ups',
            problem: last ? `the last one is of ${last.at}` : 'there is none',
          },
          ...{ remedy: 'make one: berth db backup', ...(make && { mend: make }) },
        },
      ];
    },
  };
}

/** Cut short, or without the facts that tell whether they are whole. */
function damagedBackups(dataDir: string): Found[] {
  const folder = backupFolder(dataDir);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.dump')) : [];
  return names.flatMap((name): Found[] => {
    const path = join(folder, name);
    const facts = readFacts(path);
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    if (size === undefined || facts?.bytes === size) return [];
    const problem = facts
      ? `it has ${size} bytes, and had ${facts.bytes}: it cannot be restored`
      : `what tells whether it is whole (${factsPath(path)}) is gone or damaged: it is not listed`;
    const remedy = facts ? 'remove it' : `try it by its path (berth db restore ${path}), or remove it`;
    return [{ kind: 'file', subject: path, problem, remedy }];
  });
}
