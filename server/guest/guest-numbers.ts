import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '../errors/app-error.ts';
import { IDS_PER_GUEST, type Instance } from '../instance/instance.ts';

/** Crockford's base 32 in lower case: no letter that is read as another. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** With the longest link prefix (`bv11-`) it fills the 15 characters of an interface's name (IFNAMSIZ). */
const ID_LENGTH = 10;

/** A new guest's id: 50 random bits. */
export function newGuestId(): string {
  return Array.from(randomBytes(ID_LENGTH), (byte) => ALPHABET.charAt(byte & 31)).join('');
}

/** Ids of the host that belong to others: first id and count, one entry per line of subuid(5) and subgid(5). */
export type ForeignIds = readonly { first: number; count: number }[];

/** What /etc/subuid and /etc/subgid give to users, below `root` (another folder in tests). */
export function foreignIds(root = ''): ForeignIds {
  return ['subuid', 'subgid'].flatMap((name) => parseSubids(readIfThere(`${root}/etc/${name}`)));
}

/** `user:first:count` lines; lines of any other form are not ranges. Pure. */
export function parseSubids(text: string): ForeignIds {
  return [...text.matchAll(/^[^:#\n]+:(\d+):(\d+)\s*$/gm)].map(([, first, count]) => ({
    first: Number(first),
    count: Number(count),
  }));
}

/**
 * The lowest range of 65,536 ids that no guest has and that touches nobody else's. Throws `unavailable` when the
 * instance has none left. Pure.
 */
export function freeIdRange(
  instance: Pick<Instance, 'idBase' | 'idRanges'>,
  used: ReadonlySet<number>,
  foreign: ForeignIds,
): number {
  for (let index = 0; index < instance.idRanges; index++) {
    if (used.has(index)) continue;
    const first = instance.idBase + index * IDS_PER_GUEST;
    const meets = foreign.some((one) => one.first < first + IDS_PER_GUEST && first < one.first + one.count);
    if (!meets) return index;
  }
  throw new AppError(
    'unavailable',
    `all ${instance.idRanges} id ranges of this instance are in use (uids from ${instance.idBase} on, without what /etc/subuid and /etc/subgid give to others): delete a guest for good (one in the trash keeps its range), or make more guests in another instance (berth up --data FOLDER)`,
  );
}

/**
 * A locally administered unicast address (IEEE 802, `02:…`) that follows from instance and guest, so that it is the
 * same after every start and differs between hosts. Pure.
 */
export function guestMac(instanceId: string, guestId: string, used: ReadonlySet<string>): string {
  for (let round = 0; ; round++) {
    const digest = createHash('sha256').update(`${instanceId}/${guestId}/${round}`).digest('hex');
    const mac = `02:${digest.slice(0, 10).match(/../g)?.join(':')}`;
    if (!used.has(mac)) return mac;
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
