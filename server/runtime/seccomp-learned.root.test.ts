import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installCall } from '../../native/supervisor/test-call.ts';
import { SUPERVISOR, TestGround, TestGuest, until } from '../../native/supervisor/test-guest.ts';
import { DEFAULT_ISOLATION, type GuestIsolation } from '../guest/isolation-schema.ts';
import { learnedPath, seccompPath, staleFiles, writeSeccomp } from './seccomp-filter.ts';
import { readLearned } from './seccomp-learned.ts';

const nativeDir = dirname(SUPERVISOR);

let ground: TestGround;
beforeAll(() => {
  ground = new TestGround();
  installCall(ground);
});
afterAll(async () => {
  await ground[Symbol.asyncDispose]();
});

/** A guest with the filter of its settings, which learns where that only logs. */
async function guestWith(seccomp: GuestIsolation['seccomp'], idBase = 1_310_720_000): Promise<TestGuest> {
  const guest = new TestGuest(ground, 'application', ['/bin/sleep', '1000']);
  const place = { nativeDir, guestDir: guest.guestDir };
  const subject = { kind: 'application' as const, isolation: { ...DEFAULT_ISOLATION, seccomp } };
  await writeSeccomp(subject, place);
  for (const entry of guest.spec) {
    if (entry[0] === 'seccomp') entry[1] = seccompPath(subject, place);
    if (entry[0] === 'id_base') entry[1] = idBase;
  }
  if (seccomp.mode === 'log') guest.spec.push(['learn', learnedPath(guest.guestDir)]);
  return guest.running();
}

const call = (guest: TestGuest, ...words: (string | number)[]) =>
  guest
    .exec(['/bin/call', ...words.map(String)])
    .stdout.trim()
    .split('\n')[0];
const learned = (guest: TestGuest) => readLearned('application', { nativeDir, guestDir: guest.guestDir });
const lines = (guest: TestGuest) => readFileSync(learnedPath(guest.guestDir), 'utf8').trimEnd().split('\n');

const UNSHARE = [272, 0x10000000] as const;
const FSOPEN = [430, 0, 0] as const;

it('a guest that only logs is learnt from, each call once, and the profile lets it do just that', async () => {
  const other = await guestWith({ mode: 'log' }, 1_310_720_000 + 65_536);
  const guest = await guestWith({ mode: 'log' });
  for (let i = 0; i < 3; i++) call(guest, ...UNSHARE);
  call(other, ...FSOPEN);
  // What all guests are refused is not let through, so not learnt; what the default allows is not logged.
  call(guest, 41, 38, 5, 0);
  call(guest, 41, 2, 1, 6);
  await until('unshare is learnt', () => lines(guest).includes('c000003e 272'));
  await until('fsopen is learnt', () => lines(other).includes('c000003e 430'));
  expect(lines(guest)).toEqual(['c000003e 272']);
  expect(lines(other)).toEqual(['c000003e 430']);
  expect(statSync(learnedPath(guest.guestDir)).mode & 0o777).toBe(0o600);
  const found = await learned(guest);
  expect(found).toMatchObject({ calls: ['unshare'], unnamed: 0, lost: false, unavailable: null });
  await other.stop();
  await guest.stop();

  const confined = await guestWith({ mode: 'profile', profile: found.profile });
  expect(call(confined, ...UNSHARE)).toBe('ok');
  expect(call(confined, ...FSOPEN)).toBe('ENOSYS');
  expect(call(confined, 165, 0, 0)).toBe('EPERM'); // mount
  await confined.stop();
});

it('the default as a profile answers as the default does', async () => {
  const place = { nativeDir, guestDir: ground.dir };
  const { profile, calls } = await readLearned('application', place);
  expect(calls).toEqual([]);
  const usual = await guestWith({ mode: 'default' });
  const same = await guestWith({ mode: 'profile', profile });
  const asked: (string | number)[][] = [
    [41, 1, 1, 0],
    [41, 16, 3, 0],
    [41, 16, 3, 6],
    [41, 38, 5, 0],
    [41, 15, 3, 2],
    ['i386-socket', 1, 1, 0],
    ['i386-socket', 38, 5, 0],
    ['i386-getpid'],
    [0x40000000 + 39],
    [321, 0, 0, 0],
    [250, 0, -3, 0],
    [425, 1, 0],
    [430, 0, 0],
    [435, 0, 0],
    [16, 0, 0x5412, 0],
    [...UNSHARE],
    [56, 0x10000000 + 17, 0, 0, 0, 0],
    [56, 17, 0, 0, 0, 0],
    [165, 0, 0],
    [900, 0],
  ];
  // Values of arguments have an errno of their own in the default only.
  const refusal = /^(EPERM|ENOSYS|EAFNOSUPPORT)$/;
  const answers = (guest: TestGuest) =>
    asked.map((words) => [words, call(guest, ...words)?.replace(refusal, 'refused')]);
  expect(answers(same)).toEqual(answers(usual));
  await usual.stop();
  await same.stop();
});

it('what was learnt stays over a restart and goes with another filter', async () => {
  const guest = await guestWith({ mode: 'log' });
  const path = learnedPath(guest.guestDir);
  writeFileSync(path, 'c000003e 430\nlost\n');
  expect(await learned(guest)).toMatchObject({ calls: ['fsopen'], lost: true });
  writeFileSync(path, 'unavailable EPERM\nc000003e 9999\n');
  expect(await learned(guest)).toMatchObject({ calls: [], unnamed: 1, unavailable: 'EPERM' });
  await guest.stop();
  const logs = { ...DEFAULT_ISOLATION, seccomp: { mode: 'log' as const } };
  expect(staleFiles({ kind: 'application', isolation: logs }, guest.guestDir)).not.toContain(path);
  expect(staleFiles({ kind: 'application', isolation: DEFAULT_ISOLATION }, guest.guestDir)).toContain(path);
});
