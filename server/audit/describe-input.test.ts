import { expect, test } from 'vitest';
import { describeInput } from './describe-input.ts';

test('what opens something is not written down, wherever it stands', () => {
  const input = {
    name: 'x',
    password: 'p',
    to: { token: 't', secret: 's' },
    init: { environment: { KEY: 'v' } },
  };
  expect(JSON.parse(describeInput(input))).toEqual({
    ...{ name: 'x', password: '(secret)', to: { token: '(secret)', secret: '(secret)' } },
    init: { environment: { KEY: '(secret)' } },
  });
});

test('of the address of a webhook only where it is: its path lets one write there', () => {
  const to = { kind: 'webhook', url: 'https://hooks.example.org/services/T0/B0/abcdef?x=1' };
  expect(JSON.parse(describeInput({ name: 'chat', to }))).toEqual({
    ...{ name: 'chat', to: { kind: 'webhook', url: 'https://hooks.example.org/(secret)' } },
  });
  expect(describeInput({ to: { kind: 'webhook', url: 'nonsense abcdef' } })).not.toContain('abcdef');
  // Others are no secret.
  const link = { title: 'runbook', url: 'https://example.org/runbook' };
  expect(JSON.parse(describeInput({ addLinks: [link] }))).toEqual({ addLinks: [link] });
});
