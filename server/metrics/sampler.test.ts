import { expect, test } from 'vitest';
import { AppError } from '../errors/app-error.ts';
import { createEventBus } from '../event/create-event-bus.ts';
import type { BerthEvent } from '../event/schema.ts';
import { DEFAULT_INIT } from '../guest/init-schema.ts';
import { DEFAULT_ISOLATION } from '../guest/isolation-schema.ts';
import type { GuestRecord } from '../guest/record.ts';
import { NO_WORDS } from '../guest/record-schema.ts';
import type { GuestUsage } from '../guest/schema.ts';
import { MORE_LIMITS } from '../guest/schema.ts';
import type { RawUsage } from '../runtime/port.ts';
import { UsageSampler } from './sampler.ts';

const raw: RawUsage = {
  cpuTotalMicros: 0,
  memory: 4096,
  swap: 0,
  pids: 2,
  networkReceiveBytes: 0,
  networkTransmitBytes: 0,
  ioReadBytes: null,
  ioWriteBytes: null,
  throttledMicros: null,
};

/** A host with the given guests, whose counters and clock the test moves. */
function host(ids: readonly string[]) {
  const seen: BerthEvent[] = [];
  const events = createEventBus((error) => {
    throw error;
  });
  events.on((event) => seen.push(event));
  const records = new Map(ids.map((id) => [id, recordOf(id)]));
  const counters = new Map(ids.map((id) => [id, { ...raw }]));
  const state = { now: 1_000_000, reads: 0, warnings: 0, failure: null as Error | null };
  const usage = new Map<string, GuestUsage>();
  const find = (id: string) => records.get(id) ?? null;
  const services = {
    guests: { all: () => [...records.values()], find, findAny: find, usage },
    runtime: {
      readUsage: async (asked: readonly string[]) => {
        state.reads++;
        if (state.failure) throw state.failure;
        return new Map(
          [...counters].filter(([id]) => asked.includes(id)).map(([id, one]) => [id, { ...one }]),
        );
      },
    },
    events,
    log: { info: () => undefined, warn: () => void state.warnings++, error: () => undefined },
  };
  const sampler = new UsageSampler(services, { wall: () => state.now, monotonic: () => state.now });
  return { sampler, records, counters, state, usage, seen };
}

function recordOf(id: string): GuestRecord {
  return {
    id,
    name: id,
    installation: '',
    project: 'default',
    kind: 'system',
    image: 'berth/mini',
    imageBuild: 'b1',
    command: ['/sbin/init'],
    wanted: 'running',
    state: 'running',
    problem: null,
    idRange: 0,
    isolation: DEFAULT_ISOLATION,
    init: DEFAULT_INIT,
    ...{ version: 0, edits: {}, expiryDone: null, trash: null, ...NO_WORDS },
    limits: { ...MORE_LIMITS, cpu: 1, memory: 1, swap: 0, pids: 1 },
    stopTimeoutMs: 1,
    lease: null,
    mac: null,
    run: {
      initPid: 1,
      initStartTime: '1',
      bootId: 'b',
      supervisorPid: 2,
      startedAt: '2026-01-01T00:00:00.000Z',
    },
    started: null,
    revert: null,
    exit: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    restart: { count: 0, at: null },
    createdBy: 'root',
  };
}

test('two samples make rates, an event each, and a history', async () => {
  const { sampler, counters, state, usage, seen } = host(['a', 'b']);
  await sampler.sample();
  expect(usage.get('a')).toMatchObject({ cpu: null, memory: 4096 });
  state.now += 2000;
  counters.set('a', { ...raw, cpuTotalMicros: 1_000_000, networkReceiveBytes: 300 });
  await sampler.sample();
  expect(usage.get('a')).toMatchObject({
    cpu: 0.5,
    networkReceive: 150,
    networkTransmit: 0,
    ioRead: null,
    ioWrite: null,
    throttled: null,
  });
  expect(usage.get('b')).toMatchObject({ cpu: 0 });
  expect(seen.map((event) => event.type === 'usage' && Object.keys(event.guests))).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
  expect(sampler.history('a')).toMatchObject({ at: [1000, 1002], cpu: [null, 0.5] });
  expect(state.reads).toBe(2);
});

test('with nothing running the kernel is not asked and nobody told', async () => {
  const { sampler, records, state, seen } = host(['a']);
  records.set('a', { ...recordOf('a'), state: 'stopped', run: null });
  await sampler.sample();
  expect([state.reads, seen.length]).toEqual([0, 0]);
});

test('a guest that was started anew has no rate at first, and a deleted one no history', async () => {
  const { sampler, records, counters, state, usage } = host(['a']);
  counters.set('a', { ...raw, cpuTotalMicros: 10 });
  await sampler.sample();
  const again = recordOf('a');
  records.set('a', { ...again, run: again.run && { ...again.run, initStartTime: '2' } });
  counters.set('a', { ...raw, cpuTotalMicros: 1_000_000 });
  state.now += 1000;
  await sampler.sample();
  expect(usage.get('a')?.cpu).toBeNull();
  expect(sampler.history('a').at).toHaveLength(2);
  records.clear();
  await sampler.sample();
  expect(sampler.history('a').at).toEqual([]);
});

test('a failure is told once, not once a second, and does not end the sampling', async () => {
  const { sampler, state, usage } = host(['a']);
  state.failure = new AppError('kernel', 'cannot read cpu.stat');
  await sampler.sample();
  await sampler.sample();
  expect(state.warnings).toBe(1);
  state.failure = null;
  await sampler.sample();
  expect(usage.has('a')).toBe(true);
});
