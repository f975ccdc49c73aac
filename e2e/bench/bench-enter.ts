import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { reasonOf, type Samples, summarize, timed } from './measure.ts';
import { type NativeRig, startNativeRig } from './native-rig.ts';
import { groupCleaner } from './peer-groups.ts';
import { copyRoot, hideOf } from './peers.ts';
import { manyLxc } from './peers-many.ts';
import { runProgram } from './run-program.ts';

export interface EnterRow {
  what: string;
  result: Samples | { failed: string };
}

export interface EnterResult {
  processes: number;
  freeze: EnterRow[];
  exec: EnterRow[];
}

const PROCESSES = 100;
/** Init and so many children, which sleep. */
const CROWD = [
  '/bin/sh',
  '-c',
  `i=1; while [ $i -lt ${PROCESSES} ]; do sleep 100000 & i=$((i+1)); done; wait`,
];
const SETTLE_MS = 20_000;

/** Freezing a hundred processes, and a command's first byte, beside the peers; all take turns. */
export async function benchEnter(options: {
  dir: string;
  root: string;
  rounds: number;
}): Promise<EnterResult> {
  const { dir, root, rounds } = options;
  await using rig = await startNativeRig(dir, root);
  await using cleaning = new AsyncDisposableStack();
  cleaning.defer(groupCleaner());
  const { initPid } = await rig.start({ number: 0, link: true, command: CROWD });
  await untilCrowd(initPid);
  const lxc = cleaning.use(manyLxc({ dir, root, bridge: rig.instance.bridge, ipv4: rig.instance.ipv4 }));
  let noLxc: string | null = null;
  try {
    await lxc.start(0, CROWD);
    const [pids] = lxc.pids();
    await untilCrowd(pids?.init ?? 0);
  } catch (error) {
    noLxc = reasonOf(error);
  }
  const freeze = await race(rounds, [
    {
      what: 'Berth, native call',
      failed: null,
      run: async () => {
        await rig.runtime.freezeGuest(rig.idOf(0));
        return () => rig.runtime.unfreezeGuest(rig.idOf(0));
      },
    },
    {
      what: '`lxc-freeze`, whole command',
      failed: noLxc,
      run: async () => {
        await runProgram(['lxc-freeze', ...lxc.where(0)]);
        return () => runProgram(['lxc-unfreeze', ...lxc.where(0)]);
      },
    },
    {
      what: '`true`, whole command',
      failed: null,
      run: async () => {
        await runProgram(['true']);
        return async () => undefined;
      },
    },
  ]);
  const crun = await startCrun(dir, root, cleaning);
  const exec = await race(rounds, [
    { what: 'Berth, native call', failed: null, run: () => execNatively(rig) },
    {
      what: '`lxc-attach`',
      failed: noLxc,
      run: () => firstByte(['lxc-attach', ...lxc.where(0), '--', '/bin/echo', 'x']),
    },
    { what: '`crun exec` (no limits, no user namespace)', failed: crun.failed, run: crun.exec },
    { what: '`/bin/echo` on the host', failed: null, run: () => firstByte(['/bin/echo', 'x']) },
  ]);
  return { processes: PROCESSES, freeze, exec };
}

interface Entrant {
  what: string;
  /** Why it cannot take part. */
  failed: string | null;
  /** Resolves when what is measured is done, to what undoes or ends it. */
  run: () => Promise<() => Promise<unknown>>;
}

async function race(rounds: number, entrants: readonly Entrant[]): Promise<EnterRow[]> {
  const racers = entrants.map((one) => ({ ...one, times: [] as number[] }));
  for (let round = 0; round < rounds; round++)
    for (const one of racers) {
      if (one.failed !== null) continue;
      try {
        let after: () => Promise<unknown> = async () => undefined;
        one.times.push(
          await timed(async () => {
            after = await one.run();
          }),
        );
        await after();
      } catch (error) {
        one.failed = reasonOf(error);
      }
    }
  return racers.map(({ what, failed, times }) => ({
    what,
    result: failed === null ? summarize(times) : { failed },
  }));
}

async function execNatively(rig: NativeRig): Promise<() => Promise<unknown>> {
  const process = await rig.runtime.exec({
    guestId: rig.idOf(0),
    command: ['/bin/echo', 'x'],
    user: 'root',
    environment: { PATH: '/bin' },
    workdir: null,
  });
  process.stdin.end();
  await once(process.stdout, 'data');
  return () => process.exit;
}

/** Run a command until its first byte; what it resolves to waits for its end. */
async function firstByte(command: readonly string[]): Promise<() => Promise<unknown>> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (bytes: Buffer) => {
    complaint += bytes.toString('utf8');
  });
  const closed = once(child, 'close');
  const seen = await Promise.race([once(child.stdout, 'data').then(() => true), closed.then(() => false)]);
  if (!seen) throw new Error(`${program} printed nothing: ${complaint.slice(-200)}`);
  return () => closed;
}

/** Waits until all are there. */
async function untilCrowd(init: number): Promise<void> {
  const until = performance.now() + SETTLE_MS;
  while (below(init) < PROCESSES - 1) {
    if (performance.now() > until) throw new Error(`only ${below(init)} processes came up`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** How many descend from a process. */
function below(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + 1 + below(Number(child)), 0);
}

/** A container of crun that runs, in a mount namespace of its own where it refuses this host's hierarchies. */
async function startCrun(
  dir: string,
  root: string,
  cleaning: AsyncDisposableStack,
): Promise<{ exec: Entrant['run']; failed: string | null }> {
  const bundle = path.join(dir, 'crun-enter');
  const crun = `crun --root ${path.join(dir, 'crun-enter-state')} --cgroup-manager=cgroupfs`;
  const name = `berth-bench-enter-${process.pid}`;
  try {
    mkdirSync(bundle, { recursive: true });
    copyRoot(root, path.join(bundle, 'rootfs'));
    execFileSync('crun', ['spec'], { cwd: bundle });
    const file = path.join(bundle, 'config.json');
    const config = JSON.parse(readFileSync(file, 'utf8'));
    config.process.terminal = false;
    config.process.args = ['sleep', '100000'];
    config.linux.resources = undefined;
    writeFileSync(file, JSON.stringify(config));
    // One that stays holds the mounts, so that they are not part of the time.
    const script = `${hideOf()} ${crun} run -d ${name} </dev/null >/dev/null 2>&1 && echo ready && exec cat`;
    const keeper = spawn('unshare', ['--mount', 'sh', '-c', script], {
      cwd: bundle,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const inside = ['nsenter', `--mount=/proc/${keeper.pid}/ns/mnt`];
    cleaning.defer(async () => {
      await runProgram([...inside, ...`${crun} delete -f ${name}`.split(' ')]).catch(() => 'it is gone');
      keeper.stdin.end();
      if (keeper.exitCode === null) await once(keeper, 'close');
    });
    const [first] = await Promise.race([once(keeper.stdout, 'data'), once(keeper, 'close')]);
    if (!Buffer.isBuffer(first)) throw new Error(`crun did not start (${first})`);
    return {
      exec: () => firstByte([...inside, ...`${crun} exec ${name} /bin/echo x`.split(' ')]),
      failed: null,
    };
  } catch (error) {
    return { exec: async () => async () => undefined, failed: reasonOf(error) };
  }
}
