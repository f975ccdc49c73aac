import { expect, it } from 'vitest';
import { setCommand } from './configure-commands.tsx';

it('uses the options that there are, and JSON for the rest', () => {
  expect(setCommand('web-1', { limits: { cpu: 1.5, memory: 512 * 1024 ** 2 }, stopTimeoutMs: 5000 })).toBe(
    'berth guest set web-1 --cpu 1.5 --memory 512MiB --stop-timeout 5000ms',
  );
  expect(
    setCommand('web-1', {
      limits: { cpuset: '0' },
      isolation: { nesting: true },
      command: ['sh', '-c', 'a b'],
    }),
  ).toBe(`berth guest set web-1 --cpuset 0 --settings '{"isolation":{"nesting":true}}' -- sh -c 'a b'`);
  expect(setCommand('web-1', {}, { addTags: ['a'], removeTags: ['b=c'], owner: null, notes: "it's" })).toBe(
    `berth guest set web-1 --tag a --untag b=c --owner '' --notes 'it'\\''s'`,
  );
  expect(setCommand('web-1', {}, { always: false })).toBe('berth guest set web-1 --record asked');
  expect(setCommand('web-1', { limits: { pids: 100 }, revertAfterSeconds: 30 })).toBe(
    'berth guest set web-1 --pids 100 --revert-after 30s',
  );
});
