import { expect, test } from 'vitest';
import { createEventBus } from '../event/create-event-bus.ts';
import { EventHistory } from './event-history.ts';

test('the last 200 of each guest are kept, in order, until it is deleted', () => {
  const events = createEventBus((error) => {
    throw error;
  });
  const history = new EventHistory(events);
  const happen = (guest: string, message: string) =>
    events.publish({ type: 'guest.event', guest, name: guest, at: '', kind: 'oom-kill', message });
  for (let count = 1; count <= 250; count++) happen('a', `${count}`);
  happen('b', 'once');
  events.publish({ type: 'usage', at: '', guests: {} });
  expect(history.of('a').map(({ message }) => message)).toEqual(
    Array.from({ length: 200 }, (_, at) => `${at + 51}`),
  );
  expect(history.of('b')).toHaveLength(1);
  events.publish({ type: 'guest.removed', id: 'a', name: 'a' });
  expect(history.of('a')).toEqual([]);
  expect(history.of('b')).toHaveLength(1);
});
