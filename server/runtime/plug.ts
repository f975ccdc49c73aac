import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readReport } from '../../native/lib/spawn-reporting.ts';
import { FileName } from '../../native/protocol/wire.ts';
import { childEnv } from '../child/child-env.ts';
import type { BindMount, GuestDevice } from '../guest/isolation-schema.ts';
import { wireWord } from './wire-mounts.ts';

/** What `enter` changes of a running guest. */
export type PlugVerb = 'plug' | 'unplug' | 'mount' | 'unmount';

/** ms; `enter` itself gives up after 20 s. */
const TIMEOUT = 30_000;

/** Throws NativeError with what it could not do. */
export function changeGuest(
  program: string,
  change: { verb: PlugVerb; runDir: string; value: string },
): Promise<void> {
  return enter(program, [change.verb, '--run-dir', change.runDir, change.value]);
}

/** The files of lxcfs in a guest that has them, anew. Throws NativeError. */
export async function renewLxcfs(program: string, runDir: string): Promise<void> {
  if ((await valuesOf(runDir, 'lxcfs')).length > 0) await enter(program, ['lxcfs', '--run-dir', runDir]);
}

async function enter(program: string, args: readonly string[]): Promise<void> {
  const said = await new Promise<string | null>((resolve) => {
    const options = { env: childEnv({}), cwd: '/', timeout: TIMEOUT, killSignal: 'SIGKILL' } as const;
    execFile(program, args, options, (error, _stdout, stderr) => resolve(error === null ? null : stderr));
  });
  if (said !== null) readReport(said, program);
}

/** The value by which a running guest has a mount on this target; none when it has none. */
export async function mountedValues(
  runDir: string,
  { target }: Pick<BindMount, 'target'>,
): Promise<string[]> {
  const word = wireWord(target);
  return (await valuesOf(runDir, 'mount')).filter((value) => value.split(' ')[2] === word);
}

/** The values by which a running guest has this device, or those that are in its folder. */
export async function pluggedValues(runDir: string, device: GuestDevice): Promise<string[]> {
  const target = wireWord(device.target ?? device.source);
  return (await valuesOf(runDir, 'guest_device')).filter((value) => {
    const own = value.split(' ')[4] ?? '';
    return own === target || own.startsWith(`${target}/`);
  });
}

async function valuesOf(runDir: string, key: 'mount' | 'guest_device' | 'lxcfs'): Promise<string[]> {
  const text = await readFile(join(runDir, FileName.spec), 'utf8');
  return text
    .split('\0')
    .filter((entry) => entry.startsWith(`${key}=`))
    .map((entry) => entry.slice(key.length + 1));
}
