import { expect, test } from 'vitest';
import { createChannelInput } from '../../../server/notice/schema.ts';
import { draftOf, fieldOf, inputOf } from './channel-draft.ts';

test('a new channel is a webhook that tells of what went wrong', () => {
  const draft = { ...draftOf(null, 'Europe/Berlin'), name: 'chat', url: ' https://chat.example.org/1 ' };
  expect(inputOf(draft)).toEqual({
    ...{ name: 'chat', to: { kind: 'webhook', url: 'https://chat.example.org/1' }, isOn: true },
    kinds: ['guest.failed', 'guest.memory', 'guest.expiry', 'operation.failed', 'backup.failed'],
    ...{ project: null, quiet: null },
  });
  expect(inputOf({ ...draft, isQuiet: true }).quiet).toEqual({
    ...{ from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' },
  });
});

test('receivers of mail are written as people write them, and a secret goes along when there is one', () => {
  const draft = draftOf(null, 'UTC');
  const mail = { ...draft, kind: 'mail' as const, name: 'ops', url: 'smtps://m.org', sender: 'b@m.org' };
  const input = inputOf({ ...mail, username: 'u', secret: 's', receivers: 'a@m.org, c@m.org;d@m.org\n' });
  expect(input.to).toEqual({
    ...{ kind: 'mail', url: 'smtps://m.org', sender: 'b@m.org', secret: 's', username: 'u' },
    receivers: ['a@m.org', 'c@m.org', 'd@m.org'],
  });
  expect(createChannelInput.safeParse(input).success).toBe(true);
});

test('an error finds its field', () => {
  expect(fieldOf(['to', 'receivers', 0])).toBe('receivers');
  expect(fieldOf(['quiet', 'timeZone'])).toBe('quiet');
  expect(fieldOf(['name'])).toBe('name');
  expect(fieldOf(['to'])).toBeNull();
  expect(fieldOf(null)).toBeNull();
});
