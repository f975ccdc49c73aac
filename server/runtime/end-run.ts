import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { FileName } from '../../native/protocol/wire.ts';
import {
  isAlive,
  type ProcessIdentity,
  parentOf,
  signalProcess,
  startTimeOf,
} from '../child/process-identity.ts';
import { AppError } from '../errors/app-error.ts';
import type { RunningGuest } from './port.ts';

/** ms that a supervisor has to clean up when its init has ended, until it is killed too. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 10;

/** Who the state of a run folder names. */
export type Run = Pick<RunningGuest, 'initPid' | 'initStartTime' | 'supervisorPid'>;

/**
 * End a run by what its folder says, wherever its processes are: init is killed, and its supervisor cleans up and writes
 * down the end, or is killed when it does not. A later process with the pid of either is left alone. Idempotent. Throws
 * `unavailable` when they do not end.
 */
export async function endRun(runDir: string, run: Run, patienceMs = PATIENCE_MS): Promise<void> {
  const init = initOf(run);
  const supervisor = supervisorOf(run);
  const exit = join(runDir, FileName.exit);
  // With its last word it has given back all but the layers, and those it must not be kept from writing back.
  const isOver = () => !isAlive(init) && (supervisor === null || existsSync(exit) || !isAlive(supervisor));
  signalProcess(init, 'SIGKILL');
  if (await comes(isOver, patienceMs)) return;
  if (supervisor) signalProcess(supervisor, 'SIGKILL');
  if (await comes(isOver, patienceMs)) return;
  throw new AppError('unavailable', `init (pid ${init.pid}) or its supervisor does not end, though killed`);
}

/** Whether init ends by itself within the time. */
export function initEnds(run: Run, withinMs: number): Promise<boolean> {
  return comes(() => !isAlive(initOf(run)), withinMs);
}

function initOf({ initPid, initStartTime }: Run): ProcessIdentity {
  return { pid: initPid, startTime: initStartTime };
}

/**
 * The state does not say when the supervisor began: it is who is the parent of exactly that init, which has no other but
 * who adopts orphans. Null when it has ended, and when init has, with which it ends.
 */
function supervisorOf(run: Run): ProcessIdentity | null {
  const startTime = startTimeOf(run.supervisorPid);
  const isParent = parentOf(run.initPid) === run.supervisorPid;
  // Asked last: then what was read before was init's.
  if (startTime === null || !isParent || !isAlive(initOf(run))) return null;
  return { pid: run.supervisorPid, startTime };
}

async function comes(is: () => boolean, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (!is()) {
    if (performance.now() > until) return false;
    await pause(LOOK_MS);
  }
  return true;
}
