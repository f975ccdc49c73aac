import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { restartGuest } from '../../guest/restart-guest.ts';
import type { GuestServices } from '../../guest/services.ts';
import { unmountFolder } from '../../runtime/unmount-folder.ts';
import type { Check, Found } from '../check.ts';

/** What proc_pid_mountinfo(5) has behind the path of a folder that was removed. */
const DELETED = '//deleted';

interface Mount {
  root: string;
  target: string;
}

/** Mounts of the host on guests' folders, which are nobody's, and mounts of guests whose folder somebody has removed. */
export function checkMounts(services: GuestServices): Check {
  return {
    what: 'mounts of guests',
    async find() {
      return [...(await onHost(services)), ...(await ofGuests(services))];
    },
  };
}

/** Guests have theirs in namespaces of their own: the host has none. A guest may write on the way there. */
async function onHost({ instance }: GuestServices): Promise<Found[]> {
  const folder = `${join(instance.dataDir, 'guests')}/`;
  return (await mountsOf('self'))
    .filter(({ target }) => target.startsWith(folder))
    .toReversed()
    .map(({ target }) => ({
      ...{ kind: 'mount', subject: target, problem: 'something is mounted there on the host' },
      ...{ remedy: 'unmount it', mend: () => unmountFolder(target) },
    }));
}

async function ofGuests(services: GuestServices): Promise<Found[]> {
  const { guests, operations } = services;
  const found: Found[] = [];
  for (const { id, name, run: own } of guests.all()) {
    if (own === null || operations.current(id)) continue;
    const gone = (await mountsOf(own.initPid)).filter(({ root }) => root.endsWith(DELETED));
    if (gone.length === 0) continue;
    const targets = gone.map(({ target }) => target).join(', ');
    found.push({
      ...{
        kind: 'mount',
        subject: `guest ${name}`,
        problem: `what it has at ${targets} was removed from the host: what it writes there is lost`,
        remedy: 'restart it',
      },
      mend: (actor) => restartGuest(services, actor, { guest: id, wait: true }),
    });
  }
  return found;
}

async function mountsOf(pid: number | 'self'): Promise<Mount[]> {
  const text = await readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [, , , root, target] = line.split(' ').map(decoded);
    return root === undefined || target === undefined ? [] : [{ root, target }];
  });
}

/** White space and backslashes are octal there. */
function decoded(word: string): string {
  return word.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
