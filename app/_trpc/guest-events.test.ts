import { expect, test } from 'vitest';
import { type GuestEvent, mergeEvents } from './guest-events.ts';

const event = (at: string, kind: GuestEvent['kind'], message = ''): GuestEvent => ({
  type: 'guest.event',
  guest: 'a',
  name: 'web',
  ...{ at, kind, message },
});

test('what is remembered and what was heard are told once each, the newest first', () => {
  const [early, both, late] = [event('1', 'exit'), event('2', 'frozen'), event('3', 'thawed')];
  expect(mergeEvents([early, both], [both, late])).toEqual([late, both, early]);
  expect(mergeEvents([], [early])).toEqual([early]);
  expect(mergeEvents([event('2', 'thawed')], [both])).toHaveLength(2);
});
