import { expect, test } from 'vitest';
import { AttemptLimit } from './attempt-limit.ts';
import { hashPassword, verifyPassword } from './hash-password.ts';

test('a hash is of its own password and no other', async () => {
  const hash = await hashPassword('correct horse');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await verifyPassword({ hash, password: 'correct horse' })).toBe(true);
  expect(await verifyPassword({ hash, password: 'correct horsE' })).toBe(false);
  expect(await hashPassword('correct horse')).not.toBe(hash);
});

test('a hash that argon2(1) made is understood', async () => {
  // echo -n password | argon2 somesalt -id -v 13 -t 2 -m 16 -p 1 -l 32: the reference implementation's own test vector.
  const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await verifyPassword({ hash, password: 'password' })).toBe(true);
  expect(await verifyPassword({ hash, password: 'differentpassword' })).toBe(false);
});

test('what is no hash is no password either', async () => {
  expect(await verifyPassword({ hash: 'plain', password: 'plain' })).toBe(false);
});

test('too many at once are sent away, the others are served', async () => {
  const results = await Promise.allSettled(Array.from({ length: 40 }, () => hashPassword('x')));
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused).toHaveLength(40 - 34);
  expect(refused[0]).toMatchObject({ reason: { code: 'too_many' } });
  expect(await hashPassword('x')).toContain('$argon2id$');
}, 60_000);

test('attempts are counted in a sliding window', () => {
  const limit = new AttemptLimit(2, 1000);
  limit.take('ada', 0);
  limit.take('ada', 600);
  expect(() => limit.take('ada', 700)).toThrow('try again in 1 s');
  limit.take('bob', 700);
  limit.take('ada', 1001);
  expect(() => limit.take('ada', 1002)).toThrow('too many attempts');
  limit.forget('ada');
  limit.take('ada', 1003);
});
