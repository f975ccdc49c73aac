import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { ownIdentity, startTimeOf } from '../child/process-identity.ts';
import { AppError } from '../errors/app-error.ts';
import { HOST_ROOTS, type HostRoots, whyTaken } from './host-facts.ts';
import { type Instance, instanceOf, SLOTS } from './instance.ts';
import {
  CLAIMS_DIR,
  type Claim,
  claimPath,
  type Identity,
  identityPath,
  readClaim,
  readIdentity,
} from './instance-file.ts';
import { removeDeadCgroups } from './remove-cgroups.ts';
import { writeDurably } from './write-durably.ts';

export interface ClaimOptions {
  /** This slot and no other. */
  slot?: number | undefined;
  /** For tests; default `/etc/berth/instances`. */
  claimsDir?: string;
  /** For tests: where the kernel tells. */
  host?: HostRoots;
}

/** Entries that a folder without `instance.json` may have all the same: a mount point's own. */
const HARMLESS = new Set(['lost+found']);

/**
 * Make sure that a data folder has a slot of this host, and return its instance. The folder is made (0711)
 * when it does not exist. Two processes that claim at once get two slots. Throws AppError: `illegal_state`
 * for a corrupt or foreign data folder (nothing is written then), `busy` when the slot is another's,
 * `unavailable` when all slots are taken.
 */
export async function claimSlot(dataDir: string, options: ClaimOptions = {}): Promise<Instance> {
  const claimsDir = options.claimsDir ?? CLAIMS_DIR;
  mkdirSync(claimsDir, { recursive: true, mode: 0o755 });
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const folder = realpathSync(dataDir);
  const known = readIdentity(folder);
  if (known !== null) return keepSlot(claimsDir, folder, { known, wanted: options.slot });
  const strange = readdirSync(folder).find((entry) => !HARMLESS.has(entry));
  if (strange !== undefined) {
    throw new AppError(
      'illegal_state',
      `${folder} has no instance.json but contains ${strange}: it must be an empty folder or one that Berth made`,
    );
  }
  chmodSync(folder, 0o711);
  return takeSlot(claimsDir, folder, options);
}

/** The folder has its slot already: the claim is renewed where it was lost, and refused where it is another's. */
function keepSlot(
  claimsDir: string,
  dataDir: string,
  of: { known: Identity; wanted: number | undefined },
): Instance {
  const { slot, id } = of.known;
  if (of.wanted !== undefined && of.wanted !== slot) {
    throw new AppError('bad_input', `${dataDir} has slot ${slot}, it cannot be given slot ${of.wanted}`);
  }
  const claim = readClaim(claimsDir, slot);
  const instance = instanceOf({ slot, id, dataDir });
  if (claim?.id === id && claim.dataDir === dataDir) return instance;
  if (claim !== null && !isStale(claim)) {
    throw new AppError(
      'busy',
      `slot ${slot} of ${dataDir} is claimed by ${claim.dataDir}: two folders cannot share it`,
    );
  }
  if (claim !== null) removeClaim(claimsDir, claim);
  if (!writeClaim(claimsDir, { slot, id, dataDir, claimer: ownIdentity() })) {
    throw new AppError('busy', `slot ${slot} of ${dataDir} was claimed by somebody else just now: try again`);
  }
  return instance;
}

function takeSlot(claimsDir: string, dataDir: string, options: ClaimOptions): Instance {
  const id = randomBytes(16).toString('hex');
  const slots =
    options.slot === undefined ? Array.from({ length: SLOTS }, (_, slot) => slot) : [options.slot];
  const reasons: string[] = [];
  for (const slot of slots) {
    const claim = readClaim(claimsDir, slot);
    const isFree = claim === null || isStale(claim);
    // An instance that fell while it was purged must not keep a slot for ever.
    if (isFree) removeDeadCgroups(instanceOf({ slot, id, dataDir }), (options.host ?? HOST_ROOTS).cgroup);
    const reason = isFree ? whyTaken(slot, options.host) : `claimed by ${claim.dataDir}`;
    if (reason !== null) {
      reasons.push(`${slot}: ${reason}`);
      continue;
    }
    if (claim !== null) removeClaim(claimsDir, claim);
    if (!writeClaim(claimsDir, { slot, id, dataDir, claimer: ownIdentity() })) {
      reasons.push(`${slot}: claimed just now`);
      continue;
    }
    return settle(claimsDir, { slot, id, dataDir });
  }
  throw new AppError('unavailable', `no slot is free on this host (${reasons.join('; ')})`);
}

/** Another process may have settled the same folder meanwhile: the first stays, our claim goes. */
function settle(claimsDir: string, identity: { slot: number; id: string; dataDir: string }): Instance {
  const { slot, id, dataDir } = identity;
  if (writeDurably(identityPath(dataDir), JSON.stringify({ slot, id }), 0o600)) return instanceOf(identity);
  rmSync(claimPath(claimsDir, slot), { force: true });
  const winner = readIdentity(dataDir);
  if (winner === null)
    throw new AppError('unavailable', `${dataDir} changed while its slot was claimed: try again`);
  return instanceOf({ ...winner, dataDir });
}

function writeClaim(claimsDir: string, claim: Claim): boolean {
  return writeDurably(claimPath(claimsDir, claim.slot), JSON.stringify(claim));
}

/** Its folder is gone or another's, and who claimed is not still at it. */
function isStale(claim: Claim): boolean {
  let identity: Identity | null;
  try {
    identity = readIdentity(claim.dataDir);
  } catch {
    return false;
  }
  if (identity !== null) return identity.id !== claim.id;
  return startTimeOf(claim.claimer.pid) !== claim.claimer.startTime;
}

/** Take away exactly the claim that was judged; one that came in between is put back. */
function removeClaim(claimsDir: string, judged: Claim): void {
  const path = claimPath(claimsDir, judged.slot);
  const aside = join(claimsDir, `.${judged.slot}.${process.pid}.stale`);
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (!readFileSync(aside, 'utf8').includes(judged.id)) linkSync(aside, path);
  rmSync(aside, { force: true });
}
