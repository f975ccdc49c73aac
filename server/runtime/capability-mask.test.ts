import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import walls from '../../native/protocol/walls.json' with { type: 'json' };
import { CAPABILITIES, capabilitiesOf, HOST_CAPABILITIES } from '../guest/capability-schema.ts';
import { capabilityMask } from './capability-mask.ts';

const change = (add: string[], drop: string[] = [], privileged = false) => ({
  capabilities: { add, drop },
  privileged,
});

test('names are where the kernel counts them', () => {
  expect(CAPABILITIES.indexOf('net_raw')).toBe(13);
  expect(CAPABILITIES.indexOf('sys_admin')).toBe(21);
  expect(CAPABILITIES.indexOf('checkpoint_restore')).toBe(40);
  // A kernel may know fewer or more, never others.
  expect(Number(readFileSync('/proc/sys/kernel/cap_last_cap', 'utf8'))).toBeGreaterThan(30);
});

test('masks and names are each other', () => {
  expect(capabilitiesOf('a00405fb')).toEqual([
    'chown',
    'dac_override',
    'fowner',
    'fsetid',
    'kill',
    'setgid',
    'setuid',
    'setpcap',
    'net_bind_service',
    'sys_chroot',
    'audit_write',
    'setfcap',
  ]);
  expect(capabilitiesOf((1n << 41n).toString(16))).toEqual(['41']);
  expect(capabilitiesOf('0')).toEqual([]);
});

test('what the kinds have is changed by what is added and dropped', () => {
  const application = walls.application.capabilities;
  expect(capabilityMask(application, change([]))).toBe(application);
  expect(capabilityMask(application, change(['net_raw']))).toBe('a00425fb');
  expect(capabilityMask(application, change([], ['chown', 'net_raw']))).toBe('a00405fa');
  expect(capabilityMask('1', change([], ['chown']))).toBe('0');
  expect(capabilityMask('0', change(['checkpoint_restore']))).toBe('10000000000');
});

test('unknown names are answered with the nearest', () => {
  expect(() => capabilityMask('0', change(['net_rwa']))).toThrow(
    expect.objectContaining({
      code: 'bad_input',
      message: 'the kernel has no capability net_rwa: did you mean net_raw?',
      field: ['isolation', 'capabilities', 'add', 0],
    }),
  );
  expect(() => capabilityMask('0', change([], ['chown', 'everything']))).toThrow(
    expect.objectContaining({ field: ['isolation', 'capabilities', 'drop', 1] }),
  );
  expect(() => capabilityMask('0', change(['kill'], ['kill']))).toThrow(/both added and dropped/);
});

test("the host's own are for privileged guests", () => {
  // What no kind has is just what none may add.
  const nobodys = CAPABILITIES.filter((name) => !capabilitiesOf(walls.system.capabilities).includes(name));
  expect(Object.keys(HOST_CAPABILITIES)).toEqual(nobodys);
  for (const name of nobodys) {
    expect(() => capabilityMask('0', change([name])), name).toThrow(/only a privileged guest can have it/);
    expect(capabilitiesOf(capabilityMask('0', change([name], [], true)))).toEqual([name]);
  }
});
