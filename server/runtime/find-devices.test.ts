import { expect, test } from 'vitest';
import { findDevices } from './find-devices.ts';
import { deviceValue } from './wire-mounts.ts';

const device = (source: string, target: string | null = null) => ({
  source,
  target,
  access: 'rw',
  mode: 0o660,
  uid: 0,
  gid: 44,
});

test('a device is the node that the host has', async () => {
  const found = await findDevices([device('/dev/null'), device('/dev/zero', '/dev/nothing')]);
  expect(found.map(deviceValue)).toEqual([
    'c 1:3 rw /dev/null /dev/null 660 0 44',
    'c 1:5 rw /dev/zero /dev/nothing 660 0 44',
  ]);
});

test('a folder of devices is all that are in it', async () => {
  const targets = (await findDevices([device('/dev', '/dev/host')])).map(({ target }) => target);
  expect(targets).toContain('/dev/host/null');
  expect(targets).not.toContain('/dev/host/fd');
});

test('what is not there, or is no device, is named with its field', async () => {
  for (const [source, why] of [
    ['/dev/berth-none', '/dev/berth-none cannot be plugged in: it is not there on this host'],
    ['/dev/../etc/passwd', '/dev/../etc/passwd cannot be plugged in: it is no device'],
  ] as const) {
    const refused = findDevices([device('/dev/null'), device(source)]);
    await expect(refused).rejects.toThrow(why);
    await expect(refused).rejects.toMatchObject({ field: ['isolation', 'devices', 1, 'source'] });
  }
});
