import { expect, test } from 'vitest';
import { checkOrigin } from './origin-guard.ts';

const env = { publicOrigins: [], plainHttp: false };
const ours = { host: 'berth.example:8443', origin: 'https://berth.example:8443', 'x-berth': '1' };

test('our own page is let in', () => {
  for (const strict of ['read', 'mutation', 'socket'] as const) {
    expect(() => checkOrigin({ headers: ours }, env, strict)).not.toThrow();
  }
  expect(() => checkOrigin({ headers: { host: 'berth.example' } }, env, 'read')).not.toThrow();
});

test('a list of origins leaves no other in', () => {
  const listed = { ...env, publicOrigins: ['https://console.example'] };
  expect(() =>
    checkOrigin({ headers: { ...ours, origin: 'https://console.example' } }, listed, 'mutation'),
  ).not.toThrow();
  expect(() => checkOrigin({ headers: ours }, listed, 'mutation')).toThrow('is not taken');
});

test('the host is the one that the web process saw, not the one that it asks', () => {
  const headers = { ...ours, host: 'localhost', 'x-forwarded-host': 'berth.example:8443' };
  expect(() => checkOrigin({ headers }, env, 'socket')).not.toThrow();
  expect(() => checkOrigin({ headers: { ...headers, origin: 'https://localhost' } }, env, 'socket')).toThrow(
    'is not taken',
  );
});
