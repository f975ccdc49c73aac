import { readFileSync, writeFileSync } from 'node:fs';

/** A nice value: 9.3 times the share of another session that wants the processor as well. */
const NICE = -10;

/**
 * Let this process's session go first where the scheduler groups tasks by session (autogroup, sched(7)): a hundred guests that flood their
 * terminals would else take the processor from who has to stop them. For a session of our own only, as a nice value of processes counts for
 * nothing beside it; with systemd, CPUWeight= of the units does it. Never throws: where it cannot be, all share alike.
 */
export function goFirst(): void {
  try {
    const [, , , session] = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    if (Number(session) === process.pid) writeFileSync('/proc/self/autogroup', String(NICE));
  } catch {
    // the kernel groups nobody, or a container may not say so
  }
}
