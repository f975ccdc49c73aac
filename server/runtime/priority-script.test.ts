import { expect, test } from 'vitest';
import { priorityScript } from './priority-script.ts';

const names = { nftTable: 'berth1', bridge: 'berth1' };
const guest = { key: '7', ipv4: '10.209.16.7', ipv6: 'fdab:1:2:1::7' };

test('what is set can be taken back by the same elements', () => {
  const set = priorityScript(names, guest, 7).split('\n');
  const gone = priorityScript(names, guest, null).split('\n');
  const elements = set.filter((line) => line.startsWith('add element'));
  expect(elements).toHaveLength(2);
  for (const line of elements) expect(gone).toContain(line.replace('add', 'delete'));
  expect(set).toContain('add rule inet berth1 rank7 meta priority set 0:7');
  expect(gone.join('\n')).not.toContain('meta priority');
});

test('every priority is a number of its own, and only the table of the instance is touched', () => {
  const rules = Array.from(
    { length: 8 },
    (_, at) => /set (0:\d)/.exec(priorityScript(names, guest, at))?.[1],
  );
  expect(new Set(rules).size).toBe(8);
  for (const line of priorityScript(names, guest, 3).trim().split('\n'))
    expect(line).toContain('inet berth1');
});

test('nothing of a guest becomes syntax', () => {
  for (const wrong of [
    { ...guest, key: '7 { }' },
    { ...guest, ipv4: '10.0.0.1 accept' },
    { ...guest, ipv6: '' },
  ]) {
    expect(() => priorityScript(names, wrong, 1)).toThrow('cannot be in a firewall script');
  }
});
