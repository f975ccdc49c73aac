import { expect, test } from 'vitest';
import { readEnv } from './env.ts';

test('an empty environment is a whole setting', () => {
  expect(readEnv({ BERTH_PORT: '' })).toMatchObject({
    dataDir: '/var/lib/berth',
    slot: undefined,
    port: 8443,
    webUser: 'berth-web',
    publicOrigins: [],
    plainHttp: false,
    databaseUrl: undefined,
  });
});

test('what is set counts', () => {
  const env = readEnv({
    BERTH_DATA: '/srv/berth/',
    BERTH_SLOT: '7',
    BERTH_PUBLIC_ORIGINS: 'https://a.example, https://b.example:8443',
    BERTH_PLAIN_HTTP: '1',
  });
  expect(env).toMatchObject({
    dataDir: '/srv/berth',
    slot: 7,
    publicOrigins: ['https://a.example', 'https://b.example:8443'],
    plainHttp: true,
  });
});

test.each([
  [{ BERTH_DATA: 'here' }, 'BERTH_DATA is wrong ("here"): must be an absolute path'],
  [{ BERTH_PORT: '70000' }, 'BERTH_PORT is wrong ("70000"): must be a port, 1 to 65535'],
  [{ BERTH_PORT: '-1' }, 'BERTH_PORT is wrong ("-1"): must be a whole number'],
  [{ BERTH_SLOT: '12' }, 'BERTH_SLOT is wrong ("12"): must be 0 to 11'],
  [{ BERTH_PLAIN_HTTP: 'yes' }, 'BERTH_PLAIN_HTTP is wrong ("yes"): must be 0 or 1'],
  [
    { BERTH_PUBLIC_ORIGINS: 'a.example' },
    'must be origins such as https://berth.example:8443, not "a.example"',
  ],
])('%o is told', (source, message) => {
  expect(() => readEnv(source)).toThrow(message);
});

test('a password in DATABASE_URL is not repeated', () => {
  const url = 'mysql://me:secret@db/berth';
  expect(() => readEnv({ DATABASE_URL: url })).toThrow('must begin with postgresql://');
  expect(() => readEnv({ DATABASE_URL: url })).not.toThrow('secret');
});
