import { join } from 'node:path';
import { signalName } from '../../native/lib/holder-client.ts';
import { ExitKind, FileName } from '../../native/protocol/wire.ts';
import { bootId, isAlive } from '../child/process-identity.ts';
import { readEntries } from './entries.ts';
import type { ExitRecord, RunningGuest } from './port.ts';

/**
 * The guest whose supervisor wrote this run folder, if exactly that init still runs: pid, start time and boot agree.
 * Whether it is frozen, the folder does not know.
 */
export async function readState(runDir: string, id: string): Promise<Omit<RunningGuest, 'frozen'> | null> {
  const state = await readEntries(join(runDir, FileName.state));
  if (!state) return null;
  const initPid = Number(state.get('init_pid'));
  const initStartTime = state.get('init_start_time');
  const supervisorPid = Number(state.get('supervisor_pid'));
  const startedAt = Number(state.get('started_at_ms'));
  const boot = state.get('boot_id');
  const whole = initPid > 0 && initStartTime !== undefined && supervisorPid > 0 && startedAt > 0;
  if (!whole || boot !== bootId() || !isAlive({ pid: initPid, startTime: initStartTime })) return null;
  return {
    id,
    initPid,
    initStartTime,
    bootId: boot,
    supervisorPid,
    memoryFull: state.get('memory_full') === '1',
    startedAt: new Date(startedAt).toISOString(),
  };
}

/** How the guest of this run folder ended, if its supervisor wrote it down. */
export async function readExitFile(runDir: string, id: string): Promise<ExitRecord | null> {
  const exit = await readEntries(join(runDir, FileName.exit));
  return exit && exitIn(exit, id);
}

/** What the entries of such a file say; null when that is nothing whole. Pure. */
export function exitIn(exit: ReadonlyMap<string, string>, id: string): ExitRecord | null {
  const kind = exit.get('kind');
  const value = Number(exit.get('status'));
  const at = Number(exit.get('at_ms'));
  if (!Number.isInteger(value) || !(at > 0) || kind === undefined) return null;
  const exited = kind === `${ExitKind.exited}` || kind === 'exited';
  return {
    id,
    status: exited ? value : null,
    signal: exited ? null : signalName(value),
    outOfMemory: exit.get('out_of_memory') === '1',
    at: new Date(at).toISOString(),
  };
}

/** Where the network sees a guest. */
export interface GuestNetwork {
  /** The host's end of its pair. */
  link: string;
  /** With prefix length. */
  ipv4: string;
  ipv6: string;
}

/** The guest's link and addresses, as the spec in its run folder has them; null without a link. */
export async function readNetwork(runDir: string): Promise<GuestNetwork | null> {
  const spec = await readEntries(join(runDir, FileName.spec));
  const link = spec?.get('link');
  if (!spec || link === undefined) return null;
  return { link, ipv4: spec.get('ipv4') ?? '', ipv6: spec.get('ipv6') ?? '' };
}

/** The host end of the guest's link, as the spec in its run folder has it; null without one. */
export async function readLink(runDir: string): Promise<string | null> {
  return (await readNetwork(runDir))?.link ?? null;
}
