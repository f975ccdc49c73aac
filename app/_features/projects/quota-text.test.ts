import { expect, test } from 'vitest';
import { NO_QUOTAS } from '../../../server/project/schema.ts';
import { draftOf, readDraft } from './quota-text.ts';

const before = { ...NO_QUOTAS, guests: 3, memory: 1_234_567_890 };

test('what nobody touched is not sent, however it was rounded to be shown', () => {
  expect(readDraft(draftOf(before), before)).toEqual({ quotas: {} });
});

test('a size has a unit, and an empty field takes the quota away', () => {
  const draft = { ...draftOf(before), guests: ' ', memory: '2 GiB', cpu: '1.5' };
  expect(readDraft(draft, before)).toEqual({ quotas: { guests: null, memory: 2 * 1024 ** 3, cpu: 1.5 } });
});

test('what cannot be read is told, by its field', () => {
  expect(readDraft({ ...draftOf(before), disk: 'much' }, before)).toEqual({ wrong: 'disk' });
  expect(readDraft({ ...draftOf(before), guests: '-1' }, before)).toEqual({ wrong: 'guests' });
});
