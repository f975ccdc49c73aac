import { expect, test } from 'vitest';
import { lenderNames } from './use-peers.ts';

const sharing = (...guests: string[]) => ({
  isolation: {
    privileged: false,
    namespaces: Object.fromEntries(
      guests.map((guest, at) => [['network', 'ipc', 'uts'][at] ?? 'pid', `guest:${guest}`]),
    ),
  },
});

test('those are asked for whose namespaces it shares, directly or through others, each once', () => {
  const known: Record<string, ReturnType<typeof sharing>> = {
    db: sharing('net'),
    net: sharing('db', 'web'),
    idle: sharing('db'),
  };
  const needed = (...guests: string[]) =>
    lenderNames({ name: 'web', ...sharing(...guests) }, (name) => known[name]);
  expect(needed()).toEqual([]);
  expect(needed('unknown')).toEqual(['unknown']);
  expect(needed('db', 'unknown')).toEqual(['db', 'net', 'unknown']);
  expect(needed('web', 'db')).toEqual(['db', 'net']);
});
