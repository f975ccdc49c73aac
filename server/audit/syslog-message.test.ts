import { expect, test } from 'vitest';
import type { AuditEntry } from './schema.ts';
import { syslogMessage } from './syslog-message.ts';

const ENTRY: AuditEntry = {
  ...{ seq: 7, at: '2026-11-29T10:00:00.123Z', actor: 'ada', actorId: '1', via: 'web', address: '192.0.2.7' },
  ...{
    action: 'guest.delete',
    subject: { type: 'guest', id: 'x', name: 'naïve\n<13>1 🐟' },
    operation: null,
  },
  ...{ input: '{"guest":"x"}', outcome: 'refused', reason: 'forbidden: no', atomic: false },
  ...{ previous: 'a', hash: 'b' },
};

test('an entry is one line of ASCII with its own time, number and action, and is itself again', () => {
  const message = syslogMessage(ENTRY, 'host-1');
  expect(message).toMatch(
    /^<108>1 2026-11-29T10:00:00\.123Z host-1 berth - guest\.delete \[meta sequenceId="7"\]\[origin software="berth"\] \{/,
  );
  expect(message).toMatch(/^[\x20-\x7e]+$/);
  expect(JSON.parse(message.slice(message.indexOf('{')))).toEqual(ENTRY);
});

test('what would break a header is no part of it', () => {
  const message = syslogMessage(
    { ...ENTRY, action: 'a b\n'.padEnd(80, 'é'), outcome: 'failed' },
    'my host\n',
  );
  expect(message.split(' ').slice(0, 6)).toEqual([
    ...['<107>1', ENTRY.at, 'my?host?', 'berth', '-', `a?b?${'?'.repeat(28)}`],
  ]);
});
