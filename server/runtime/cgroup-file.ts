import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';

/** One mounted hierarchy; v1's `io` is `blkio`. */
interface Hierarchy {
  v2: boolean;
  mount: string;
  controllers: readonly string[];
}

const SHAPE = /^[a-z0-9_]+(\.[a-zA-Z0-9_]+)+$/;
/** Files that are no limits but the guest's walls, its state or its members: other verbs have them. */
const OTHERS: readonly [RegExp, string][] = [
  [/^devices\./, 'the devices of a guest are part of its isolation'],
  [/^cgroup\.(?!max\.)/, 'start, stop, freeze and kill have verbs of their own'],
  [/^freezer\./, 'freeze and unfreeze have verbs of their own'],
  [/^(net_cls|net_prio)\./, 'the priority of the network is a limit of its own'],
];

/**
 * A file of a group in the hierarchy that has it: first where its controller is, then in v2 (`cpu.pressure`), then anywhere.
 * `not_found` names the file.
 */
export async function readCgroupFile(
  hierarchies: readonly Hierarchy[],
  group: string,
  file: string,
): Promise<string> {
  for (const path of placesOf(hierarchies, group, file)) {
    try {
      return (await readFile(path, 'utf8')).replace(/\n$/, '');
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw refused(`cannot read ${file}`, path, error);
    }
  }
  throw missing(file);
}

/** One write. Throws `kernel` with the kernel's own error, and `forbidden` for what is no limit. */
export async function writeCgroupFile(
  hierarchies: readonly Hierarchy[],
  group: string,
  file: string,
  value: string,
): Promise<void> {
  const other = OTHERS.find(([shape]) => shape.test(file));
  if (other) throw new AppError('forbidden', `${file} is no limit: ${other[1]}`, { field: ['file'] });
  for (const path of placesOf(hierarchies, group, file)) {
    const handle = await open(path, 'r+').catch(async (error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return null;
      // Some can only be written.
      return open(path, 'w').catch((again: unknown) => {
        throw refused(`cannot write ${file}`, path, again);
      });
    });
    if (!handle) continue;
    try {
      await handle.write(value);
      return;
    } catch (error) {
      throw refused(`cannot write ${JSON.stringify(value)} to ${file}`, path, error);
    } finally {
      await handle.close();
    }
  }
  throw missing(file);
}

function placesOf(hierarchies: readonly Hierarchy[], group: string, file: string): string[] {
  if (!SHAPE.test(file)) {
    throw new AppError('bad_input', `${JSON.stringify(file)} is no cgroup file: one is named as memory.max`, {
      field: ['file'],
    });
  }
  const controller = file.split('.')[0] ?? '';
  const rank = (one: Hierarchy) => (one.controllers.includes(controller) ? 0 : one.v2 ? 1 : 2);
  return [...hierarchies].sort((a, b) => rank(a) - rank(b)).map(({ mount }) => join(mount, group, file));
}

function missing(file: string): AppError {
  return new AppError('not_found', `the guest's cgroup has no file ${file} on this host`, {
    field: ['file'],
  });
}

function refused(what: string, path: string, error: unknown): AppError {
  const errno = errnoOf(error);
  const why =
    errno === 'EINVAL' || errno === 'ERANGE' ? `the kernel takes the value for wrong (${errno})` : errno;
  return new AppError('kernel', `${what}: ${why}`, {
    detail: { errno, path },
    cause: error,
    field: ['value'],
  });
}

function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
}
