import { expect, test } from 'vitest';
import type { HostCheckReport } from '../../../server/host/check-schema.ts';
import type { HostView } from '../../../server/host/schema.ts';
import { lackOf, pressureLack } from './host-lacks.ts';

const host = {
  swap: 0,
  hugepages: [{ size: '2MB', bytes: 2 ** 21, total: 0, free: 0 }],
  cgroup: { layout: 'hybrid', controllers: { cpu: 'v1', memory: 'v1', io: null } },
} as unknown as HostView;
const report: HostCheckReport = {
  at: '2026-11-24T00:00:00.000Z',
  kernel: '6.1',
  ready: true,
  checks: [
    {
      id: 'cgroup.io.weight',
      group: 'cgroups',
      name: 'IO weight',
      state: 'no',
      required: false,
      detail: 'no disk uses the BFQ scheduler',
      consequence: null,
    },
    {
      id: 'network.ifb',
      group: 'network',
      name: 'ifb',
      state: 'no',
      required: false,
      detail: 'the kernel needs CONFIG_IFB',
      consequence: null,
    },
  ],
};

test('a host that is not known yet lacks nothing', () => {
  expect(lackOf('cpu', null, null)).toBeNull();
  expect(lackOf('ioWeight', null, null)).toBeNull();
});

test('names the controller, the layout or the finding of the check', () => {
  expect(lackOf('cpu', host, report)).toBeNull();
  expect(lackOf('io', host, report)).toContain('no io controller');
  expect(lackOf('networkTransmit', host, report)).toBe('the kernel needs CONFIG_IFB');
  expect(lackOf('ioWeight', host, report)).toBe('no disk uses the BFQ scheduler');
  expect(lackOf('swap', host, report)).toBe('this host has no swap');
  expect(lackOf('hugepages', host, report)).toBeNull();
  expect(lackOf('networkReceive', host, report)).toBeNull();
});

test('why pressure is not told', () => {
  expect(pressureLack(null)).toBeNull();
  const check = { group: 'cgroups', name: 'pressure (PSI)', required: false, consequence: null } as const;
  const told = (state: 'yes' | 'partly' | 'no') =>
    pressureLack({ ...report, checks: [{ ...check, id: 'cgroup.pressure', state, detail: 'psi=1' }] });
  expect([told('yes'), told('partly'), told('no')]).toEqual([null, 'psi=1', 'psi=1']);
});
