import { expect, it } from 'vitest';
import { countsFromNextStart } from './takes-effect.ts';

it.each([
  ['limits.memory', false],
  ['isolation.mounts[/data]', false],
  ['isolation.devices[/dev/fuse]', false],
  ['init.restart.policy', false],
  ['stopTimeoutMs', false],
  ['isolation.sysctls.net.ipv4.ip_forward', true],
  ['isolation.nesting', true],
  ['init.environment.A', true],
  ['command', true],
])('%s counts from the next start on: %s', (path, later) => {
  expect(countsFromNextStart(path)).toBe(later);
});
