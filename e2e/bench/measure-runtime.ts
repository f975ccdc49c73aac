import path from 'node:path';
import { benchEnter } from './bench-enter.ts';
import { benchGrowth } from './bench-growth.ts';
import { benchNative } from './bench-native.ts';
import { makeBenchRoot } from './bench-root.ts';
import { benchSampler } from './bench-sampler.ts';
import { benchScale } from './bench-scale.ts';
import { BenchServer } from './bench-server.ts';
import type { Report } from './page.ts';
import { PEERS } from './peers.ts';
import {
  describeEnter,
  describeGrowth,
  describeLife,
  describeSampler,
  describeScale,
} from './report-runtime.ts';

interface RuntimeAmounts {
  rounds: number;
  enter: number;
  scale: { guests: number; lives: number; lxc: number };
  growth: { blocks: number; block: number; warmUp: number };
  sampler: { guests: number; seconds: number };
}
const FULL: RuntimeAmounts = {
  rounds: 40,
  enter: 30,
  // a Linux bridge has 1,024 ports
  scale: { guests: 1000, lives: 64, lxc: 50 },
  growth: { blocks: 10, block: 100, warmUp: 200 },
  sampler: { guests: 1000, seconds: 20 },
};
const QUICK: RuntimeAmounts = {
  rounds: 5,
  enter: 5,
  scale: { guests: 30, lives: 8, lxc: 3 },
  growth: { blocks: 3, block: 5, warmUp: 10 },
  sampler: { guests: 20, seconds: 3 },
};

/** What the runtime does to guests, without a server first, then with one. */
export async function measureRuntime(
  report: Report,
  { dir, quick }: { dir: string; quick: boolean },
): Promise<void> {
  const amounts = quick ? QUICK : FULL;
  const root = makeBenchRoot(path.join(dir, 'root'));
  const on = { dir, root };
  await report.part('one life beside peers and the floor', async () =>
    describeLife(await benchNative({ ...on, peers: PEERS, rounds: amounts.rounds })),
  );
  await report.part('freezing and entering', async () =>
    describeEnter(await benchEnter({ ...on, rounds: amounts.enter })),
  );
  await report.part('many guests', async () => describeScale(await benchScale({ ...on, ...amounts.scale })));
  await report.part('growth of the server', async () => {
    await using server = await BenchServer.start(path.join(dir, 'growth'));
    return describeGrowth(await benchGrowth(server, amounts.growth));
  });
  await report.part('what sampling costs the server', async () => {
    await using server = await BenchServer.start(path.join(dir, 'sampler'));
    return describeSampler(await benchSampler(server, amounts.sampler));
  });
}
