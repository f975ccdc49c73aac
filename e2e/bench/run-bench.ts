import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readInstance } from '../../server/instance/read-instance.ts';
import { startInstance } from '../helpers/berth-instance.ts';
import { takeHostSnapshot } from '../oracle/host-snapshot.ts';
import { ApiClient } from './api-client.ts';
import { benchClick } from './bench-click.ts';
import { benchLifecycle } from './bench-lifecycle.ts';
import { benchList } from './bench-list.ts';
import { benchNative } from './bench-native.ts';
import { makeBenchRoot } from './bench-root.ts';
import { measureInventory } from './inventory/measure-inventory.ts';
import { Lxd } from './lxd.ts';
import { reasonOf, stopOnSignal } from './measure.ts';
import { measureRuntime } from './measure-runtime.ts';
import { Page, Report } from './page.ts';
import { PEERS } from './peers.ts';
import { describeClick, describeLifecycle, describeList, describeNative } from './report.ts';
import { measureTerminal } from './terminal/measure-terminal.ts';

interface Amounts {
  native: number;
  life: number;
  guests: number;
  lists: number;
  clicks: number;
}
const FULL: Amounts = { native: 40, life: 15, guests: 40, lists: 15, clicks: 10 };
const QUICK: Amounts = { native: 5, life: 3, guests: 5, lists: 3, clicks: 2 };

/**
 * `berth bench`: everything side by side in one run; prints it and writes docs/benchmarks/main-job.md; `berth bench
 * runtime`: docs/benchmarks/runtime.md, `berth bench terminal`: terminal.md, and `berth bench inventory`: inventory.md. With `quick`, and when a part failed, it only prints. It reports and never judges: a part that does not work here is a line with its reason.
 * Resolves to 1 when a part of Berth itself did not work.
 */
export async function runBench(root: string, args: string[]): Promise<number> {
  const quick = args.includes('quick');
  const report = new Report();
  stopOnSignal();
  if (args.includes('runtime')) {
    const page = new Page(root, 'runtime', 'The runtime, beside its peers and the bare system calls');
    await inBenchFolder((dir) => measureRuntime(report, { dir, quick }));
    return page.finish(report, './berth bench runtime', !quick);
  }
  if (args.includes('terminal')) {
    const page = new Page(root, 'terminal', 'Terminals, beside the common way of making one');
    await inBenchFolder((dir) => measureTerminal(report, { dir, quick }));
    return page.finish(report, './berth bench terminal', !quick);
  }
  if (args.includes('inventory')) {
    const page = new Page(root, 'inventory', 'The list of ten thousand guests');
    await measureInventory(report, { quick });
    return page.finish(report, './berth bench inventory', !quick);
  }
  const page = new Page(root, 'main-job', 'The main job, beside its peers');
  await inBenchFolder((dir) => measureAll(report, quick ? QUICK : FULL, dir));
  return page.finish(report, './berth bench', !quick);
}

async function measureAll(report: Report, amounts: Amounts, dir: string): Promise<void> {
  const benchRoot = makeBenchRoot(path.join(dir, 'root'));
  await report.part('the runtime beside the peers that have no server', async () =>
    describeNative((await benchNative({ dir, root: benchRoot, peers: PEERS, rounds: amounts.native })).rows),
  );
  await report.part('starting and ending Berth', async () => {
    const slot = await measureServer(report, amounts, { dir, benchRoot });
    const left = [...takeHostSnapshot(slot)];
    return left.length === 0 ? '' : `Left on the machine, a fault: ${left.join('; ')}`;
  });
}

async function inBenchFolder(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), 'berth-bench-'));
  // the peers' ids of guests walk through it
  chmodSync(dir, 0o711);
  try {
    await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The parts that need a whole Berth, and LXD where it runs. Resolves to the slot of the Berth that is gone by then. */
async function measureServer(
  report: Report,
  amounts: Amounts,
  on: { dir: string; benchRoot: string },
): Promise<number> {
  const { dir, benchRoot } = on;
  await using berth = await startInstance();
  const instance = readInstance(berth.dataDir);
  if (!instance) throw new Error(`there is no instance in ${berth.dataDir}`);
  using api = new ApiClient(instance.adminSocket);
  {
    await using cleaning = new AsyncDisposableStack();
    let why: string | null = null;
    const lxd = await Lxd.start(path.join(dir, 'lxd'), benchRoot).catch((error: unknown) => {
      why = reasonOf(error);
      return null;
    });
    cleaning.use(lxd);
    await report.part('one guest, verb by verb', async () =>
      describeLifecycle(await benchLifecycle(berth, api, lxd, amounts.life), why),
    );
    await report.part(`${amounts.guests} running guests`, async () =>
      describeList(
        amounts.guests,
        await benchList(berth, api, lxd, { count: amounts.guests, rounds: amounts.lists }),
      ),
    );
  }
  // without LXD: a person has no other console's server beside it
  await report.part('click to prompt', async () => describeClick(await benchClick(berth, amounts.clicks)));
  return berth.slot;
}
