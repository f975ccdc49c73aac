import { expect, test } from 'vitest';
import type { ProjectRecording } from '../../../server/recording/schema.ts';
import { draftOfRecording, readRecordingDraft } from './recording-draft.ts';

const before: ProjectRecording = {
  ...{ input: true, mostBytes: 3_333_333, keepDays: 90 },
  ...{ setBy: 'ann', setAt: '2026-11-29T00:00:00.000Z' },
};

test('what was left as it was keeps its exact size', () => {
  expect(readRecordingDraft(draftOfRecording(before), before)).toEqual({
    recording: { input: true, mostBytes: 3_333_333, keepDays: 90 },
  });
});

test('empty is as of all, and no policy is none', () => {
  const none = draftOfRecording(null);
  expect(readRecordingDraft(none, null)).toEqual({ recording: null });
  expect(readRecordingDraft({ ...none, always: true }, null)).toEqual({
    recording: { input: false, mostBytes: null, keepDays: null },
  });
  expect(readRecordingDraft({ ...draftOfRecording(before), mostBytes: '' }, before)).toMatchObject({
    recording: { mostBytes: null },
  });
});

test.each([
  ['mostBytes', 'much', 'much is no amount'],
  ['mostBytes', '1 KiB', '1 KiB is out of range'],
  ['mostBytes', '2 GiB', '2 GiB is out of range'],
  ['keepDays', '0', '0 is out of range'],
  ['keepDays', 'ever', 'ever is no amount'],
] as const)('%s %s is refused where it is', (at, text, said) => {
  const draft = { ...draftOfRecording(before), [at]: text };
  expect(readRecordingDraft(draft, before)).toMatchObject({ at, message: expect.stringContaining(said) });
});
