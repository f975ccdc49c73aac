import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diskNumber } from './disk-number.ts';

const FIELD = ['limits', 'io', 0, 'device'];

test('what is no disk of this host says what it is instead', async () => {
  const told = async (device: string) =>
    diskNumber(device, FIELD).then(
      () => null,
      (error: { code: string; message: string; field: unknown }) => error,
    );
  expect(await told('/dev/null')).toMatchObject({
    code: 'bad_input',
    message: '/dev/null is no block device',
    field: FIELD,
  });
  expect(await told('/dev/nothing-here')).toMatchObject({
    message: 'there is no /dev/nothing-here on this host',
  });
  expect(await told('4000:7')).toMatchObject({ message: 'this host has no disk 4000:7' });
});

test('disks and partitions are told apart as sysfs has them', async () => {
  let seen = 0;
  for (const name of readdirSync('/sys/class/block')) {
    const number = readFileSync(`/sys/class/block/${name}/dev`, 'utf8').trim();
    const partition = readdirSync(`/sys/class/block/${name}`).includes('partition');
    const outcome = await diskNumber(number, FIELD).catch((error: Error) => error.message);
    expect(outcome, name).toMatch(partition ? /is a partition: limit its disk, \/dev\// : /^\d+:\d+$/);
    seen++;
  }
  expect(seen).toBe(readdirSync('/sys/class/block').length);
});
