import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { copyRoot, lxcConfig, networkAt, type PeerPlace } from './peers.ts';
import { runProgram } from './run-program.ts';

export interface ManyLxc extends AsyncDisposable {
  /** `command`: of its init. */
  start(at: number, command?: readonly string[]): Promise<void>;
  /** `-P DIR -n NAME` of one. */
  where(at: number): string[];
  /** Of the monitor and of init of each. */
  pids(): { holder: number; init: number }[];
}

/** Containers of LXC that run on; their files are copies of one root that all share. */
export function manyLxc(place: PeerPlace): ManyLxc {
  const base = mkdtempSync(path.join(place.dir, 'lxc-many-'));
  const rootfs = path.join(base, 'rootfs');
  // the ids of containers walk through it
  chmodSync(base, 0o711);
  copyRoot(place.root, rootfs, '100000:100000');
  const started: number[] = [];
  const where = (at: number) => ['-P', base, '-n', `many${at}`];
  const initOf = (at: number) => readFileSync(path.join(base, `many${at}`, 'pid'), 'utf8').trim();
  return {
    where,
    start: async (at, command = ['/bin/sleep', '100000']) => {
      const dir = path.join(base, `many${at}`);
      mkdirSync(dir, { recursive: true });
      writeFileSync(path.join(dir, 'config'), lxcConfig(rootfs, networkAt(place, 100 + at)));
      started.push(at);
      await runProgram(['lxc-start', ...where(at), '-p', path.join(dir, 'pid'), '--', ...command]);
    },
    pids: () =>
      started.map((at) => {
        const init = Number(childOf(Number(initOf(at))));
        return { holder: Number(initOf(at)), init };
      }),
    [Symbol.asyncDispose]: async () => {
      for (const at of started.splice(0))
        await runProgram(['lxc-stop', '-k', ...where(at)]).catch(() => 'it does not run');
    },
  };
}

function childOf(pid: number): string {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0] ?? '';
}
