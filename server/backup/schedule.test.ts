import { expect, test } from 'vitest';
import { backupSchedule, DEFAULT_SCHEDULE, isTrialDue, nextBackup } from './schedule-schema.ts';

const at = (text: string) => Date.parse(`2026-11-${text}:00Z`);
const daily = { ...DEFAULT_SCHEDULE, at: '03:30' };

test('a back-up is due at its time of the day, and at once where that was missed', () => {
  const cases = [
    ['24T03:31', '24T12:00', '25T03:30'],
    ['23T03:31', '24T03:29', '24T03:30'],
    ['23T03:31', '24T12:00', '24T12:00'],
    ['20T03:31', '24T01:00', '24T01:00'],
    ['24T03:30', '24T03:30', '25T03:30'],
  ] as const;
  for (const [last, now, next] of cases)
    expect(nextBackup(daily, at(last), at(now)), `${last} ${now}`).toBe(at(next));
  expect(nextBackup(daily, null, at('24T12:00'))).toBe(at('24T12:00'));
});

test('without a time it is a day after the one before; switched off there is none', () => {
  expect(nextBackup(DEFAULT_SCHEDULE, at('23T12:00'), at('24T11:00'))).toBe(at('24T12:00'));
  expect(nextBackup(DEFAULT_SCHEDULE, at('22T12:00'), at('24T11:00'))).toBe(at('24T11:00'));
  expect(nextBackup({ ...daily, isOn: false }, null, at('24T11:00'))).toBeNull();
});

test('a restore is tried as often as is chosen, and again after one that failed', () => {
  const last = {
    at: '2026-11-17T03:30:05Z',
    name: 'x',
    problem: null,
    rows: 1,
    tables: 1,
    ms: 1,
    compared: true,
  };
  const weekly = { ...daily, trial: 'week' } as const;
  expect(isTrialDue(weekly, last, at('23T03:31'))).toBe(false);
  expect(isTrialDue(weekly, last, at('24T03:30'))).toBe(true);
  expect(isTrialDue(weekly, { ...last, problem: 'no' }, at('18T03:31'))).toBe(true);
  expect(isTrialDue(weekly, null, at('18T03:31'))).toBe(true);
  expect(isTrialDue({ ...daily, trial: 'never' }, null, at('18T03:31'))).toBe(false);
  expect(isTrialDue({ ...daily, trial: 'day' }, last, at('18T03:31'))).toBe(true);
});

test('a schedule names what is wrong with it', () => {
  for (const wrong of [
    { at: '24:00' },
    { keep: 0 },
    { keep: 1.5 },
    { copyTo: 'relative' },
    { trial: 'hourly' },
  ])
    expect(backupSchedule.safeParse({ ...daily, ...wrong }).success, JSON.stringify(wrong)).toBe(false);
  expect(backupSchedule.safeParse({ ...daily, copyTo: '/mnt/copies' }).success).toBe(true);
});
