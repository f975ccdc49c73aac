import { expect, test } from 'vitest';
import { completionsOf, lastWord, readWord } from './use-completions.ts';

const texts = (text: string, ...values: string[]) =>
  completionsOf(
    text,
    values.map((value) => ({ value, count: 1 })),
  ).map((completion) => completion.text);

test('the word at the end is completed, and none once it is done', () => {
  expect(lastWord('tag:web sta')).toEqual({ before: 'tag:web ', word: 'sta' });
  expect(lastWord('tag:web ')).toBeNull();
  expect(lastWord('')).toBeNull();
  expect(lastWord('"two wor')).toEqual({ before: '', word: '"two wor' });
});

test('keys by their beginning, values of a key behind its colon', () => {
  expect(texts('web st')).toEqual(['web state:']);
  expect(texts('-ta')).toEqual(['-tag:']);
  expect(texts('xyz')).toEqual([]);
  expect(readWord('tag:en')).toMatchObject({ key: 'tag', text: 'en' });
  expect(readWord('-tag:a,b')).toMatchObject({ key: 'tag', text: 'b' });
  expect(readWord('notes:x')).toBeNull();
  expect(texts('web tag:en', 'env=prod')).toEqual(['web tag:env=prod ']);
  expect(texts('-tag:a,en', 'env=prod')).toEqual(['-tag:a,env=prod ']);
  expect(texts('image:', 'a b')).toEqual(['image:"a b" ']);
  expect(texts('tag:web', 'web', 'webserver')).toEqual(['tag:webserver ']);
});
