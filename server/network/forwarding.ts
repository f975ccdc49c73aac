import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** The switches, and what accept_ra has to become so that a forwarding host still hears its routers. */
const IPV4 = 'net/ipv4/ip_forward';
const IPV6 = 'net/ipv6/conf/all/forwarding';
const CONF = 'net/ipv6/conf';

const previousValues = z.record(z.string(), z.string());

export interface ForwardingPlace {
  /** `/proc/sys`. */
  sysctl: string;
  /** Shared by all instances of the host: what was before the first, and who still needs it. */
  folder: string;
  /** Of this instance: its slot. */
  holder: string;
}

async function read(place: ForwardingPlace, key: string): Promise<string | null> {
  return readFile(join(place.sysctl, key), 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}

/**
 * Let the host forward both families, and remember what was before. Turning IPv6 forwarding on makes interfaces
 * with accept_ra=1 deaf to router advertisements and drops the default routes that came from them
 * (Documentation/networking/ip-sysctl.rst): they get accept_ra=2 first. A host without IPv6 keeps to IPv4.
 */
export async function ensureForwarding(place: ForwardingPlace): Promise<void> {
  // what is above it is for others to walk through
  await mkdir(dirname(place.folder), { recursive: true, mode: 0o755 });
  await mkdir(place.folder, { recursive: true, mode: 0o700 });
  const wanted = new Map([[IPV4, '1']]);
  if ((await read(place, IPV6)) === '0') {
    for (const link of await readdir(join(place.sysctl, CONF))) {
      if (link === 'all') continue;
      const key = `${CONF}/${link}/accept_ra`;
      if ((await read(place, key)) === '1') wanted.set(key, '2');
    }
    wanted.set(IPV6, '1');
  }
  const previous: Record<string, string> = {};
  for (const [key, value] of wanted) {
    const before = await read(place, key);
    if (before !== null && before !== value) previous[key] = before;
  }
  const file = join(place.folder, 'previous.json');
  const known = await readPrevious(file);
  // Written before the change: a crash in between restores what is already so, which does no harm.
  await writeFile(file, JSON.stringify({ ...previous, ...known }), { mode: 0o600 });
  await writeFile(join(place.folder, `holder-${place.holder}`), '', { mode: 0o600 });
  for (const [key, value] of wanted) {
    if (previous[key] !== undefined) await writeFile(join(place.sysctl, key), value);
  }
}

/** The last instance to leave gives the host its former values back; links that are gone are passed over. */
export async function restoreForwarding(place: ForwardingPlace): Promise<void> {
  await rm(join(place.folder, `holder-${place.holder}`), { force: true });
  const left = await readdir(place.folder).catch(() => []);
  if (left.some((name) => name.startsWith('holder-'))) return;
  const file = join(place.folder, 'previous.json');
  const previous = await readPrevious(file);
  const order = Object.keys(previous).sort(
    (a, b) => Number(a.includes('accept_ra')) - Number(b.includes('accept_ra')),
  );
  for (const key of order) {
    if ((await read(place, key)) !== null) await writeFile(join(place.sysctl, key), previous[key] ?? '');
  }
  await rm(place.folder, { recursive: true, force: true });
}

async function readPrevious(file: string): Promise<Record<string, string>> {
  try {
    return previousValues.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return {};
  }
}
