import { DEFAULT_INIT } from '../../../server/guest/init-schema.ts';
import { DEFAULT_ISOLATION } from '../../../server/guest/isolation-schema.ts';
import { NO_WORDS } from '../../../server/guest/record-schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import { MORE_LIMITS } from '../../../server/guest/schema.ts';

const MIB = 1024 ** 2;

/** A running guest for tests; `over` changes what the test is about. */
export function testGuest(name: string, over: Partial<GuestView> = {}): GuestView {
  return {
    id: `id-${name}`,
    name,
    host: 'here',
    elsewhere: null,
    project: 'default',
    kind: 'system',
    image: 'berth/mini',
    state: 'running',
    initPid: 100,
    addresses: { ipv4: '10.209.0.2', ipv6: 'fd00::2', mac: '02:00:00:00:00:02' },
    isolation: DEFAULT_ISOLATION,
    init: DEFAULT_INIT,
    revertsAt: null,
    pendingRestart: [],
    startsAt: null,
    waitingForMemory: false,
    limits: { ...MORE_LIMITS, cpu: 1, memory: 512 * MIB, swap: 0, pids: 512 },
    usage: {
      cpu: 0.5,
      cpuTotalMicros: 1,
      memory: 100 * MIB,
      swap: 0,
      pids: 7,
      networkReceive: 0,
      networkTransmit: 0,
      ioRead: null,
      ioWrite: null,
      throttled: null,
    },
    command: [],
    stopTimeoutMs: 10_000,
    createdAt: '2026-11-01T00:00:00.000Z',
    startedAt: '2026-11-02T00:00:00.000Z',
    createdBy: 'ada',
    ...NO_WORDS,
    alwaysRecorded: false,
    owner: 'ada',
    version: 0,
    exit: null,
    problem: null,
    operation: null,
    idBase: 0x1000_0000,
    ...over,
  };
}
