import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { childEnv } from '../child/child-env.ts';

const run = promisify(execFile);
const MOST = 64;
const LONGEST = 1024;
/** Reading a file of the kernel; a machine under load may be slow to start a program. */
const PATIENCE_MS = 5000;

/**
 * Settings of the kernel as a guest's namespaces have them. The kernel shows those of whoever reads, so a program of the host
 * reads them, which joins the namespaces they belong to but not the guest's mounts.
 */
export async function readSysctls(
  pid: number,
  names: readonly string[],
): Promise<{ name: string; value: string }[]> {
  const files = names
    .slice(0, MOST)
    .map((name) => ({ name, path: `/proc/sys/${name.replaceAll('.', '/')}` }));
  if (files.length === 0) return [];
  const found: { name: string; value: string }[] = [];
  for (const { name, path } of files) {
    const value = await readIn(pid, path);
    if (value !== null) found.push({ name, value });
  }
  return found;
}

async function readIn(pid: number, path: string): Promise<string | null> {
  const join = ['--target', `${pid}`, '--net', '--ipc', '--uts'];
  try {
    const { stdout } = await run('nsenter', [...join, '--', 'head', '-c', `${LONGEST}`, '--', path], {
      env: childEnv({ PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }),
      timeout: PATIENCE_MS,
    });
    return stdout.trim();
  } catch {
    // Not there in this kernel, or the guest has ended.
    return null;
  }
}
