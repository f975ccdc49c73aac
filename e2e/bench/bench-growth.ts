import { readdirSync, readFileSync } from 'node:fs';
import type { BenchServer } from './bench-server.ts';
import { pss } from './measure.ts';
import type { ServerState } from './server-probe.ts';

export interface GrowthResult {
  /** Lifecycles before the first row. */
  warmUp: number;
  /** Lifecycles since the warm-up and what the server held then. */
  rows: ({ lifecycles: number } & ServerState)[];
  /** Of a guest that ran all the time: after the warm-up and at the end. */
  supervisor: { before: Held; after: Held };
}

interface Held {
  /** PSS, bytes. */
  memory: number;
  descriptors: number;
}

/** Guests made, started, entered, stopped and deleted through the server; what it and a supervisor hold after each block. */
export async function benchGrowth(
  server: BenchServer,
  options: { blocks: number; block: number; warmUp: number },
): Promise<GrowthResult> {
  const { api } = server;
  const { blocks, block, warmUp } = options;
  let made = 0;
  const live = async () => {
    const guest = `grow-${made++}`;
    await api.mutate('guest.create', { name: guest, image: 'berth/mini', wait: true });
    await api.mutate('guest.start', { guest, wait: true });
    await api.exec(guest);
    await api.mutate('guest.stop', { guest, force: true, wait: true });
    await api.mutate('guest.delete', { guest, wait: true });
  };
  await api.mutate('guest.create', { name: 'stays', image: 'berth/mini', start: true, wait: true });
  const { initPid } = await api.query<{ initPid: number }>('guest.get', { guest: 'stays' });
  const supervisor = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${initPid}/status`, 'utf8'))?.[1]);
  const held = (): Held => ({
    memory: pss((file) => readFileSync(file, 'utf8'), [supervisor]),
    descriptors: readdirSync(`/proc/${supervisor}/fd`).length,
  });
  const some = async (count: number) => {
    for (let i = 0; i < count; i++) {
      await live();
      if (i % 10 === 0) await api.exec('stays');
    }
  };
  await some(warmUp);
  const before = held();
  const rows = [{ lifecycles: 0, ...(await server.state()) }];
  for (let at = 1; at <= blocks; at++) {
    await some(block);
    rows.push({ lifecycles: at * block, ...(await server.state()) });
  }
  const after = held();
  await api.mutate('guest.delete', { guest: 'stays', force: true, wait: true });
  return { warmUp, rows, supervisor: { before, after } };
}
