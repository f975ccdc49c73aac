import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeText } from './merge-text.ts';

const line = fc.constantFrom('', 'one', 'two', '# three', '- four');
const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'));

test('edits of different lines are both in', () => {
  expect(mergeText('a\nb\nc', 'A\nb\nc', 'a\nb\nC')).toEqual({ text: 'A\nb\nC', clashes: 0 });
});

test('where both changed a line both stay', () => {
  const { text, clashes } = mergeText('a\nb\nc', 'a\nmine\nc', 'a\ntheirs\nc');
  expect(clashes).toBe(1);
  expect(text.split('\n').filter(Boolean)).toEqual(['a', '**Mine:**', 'mine', '**Theirs:**', 'theirs', 'c']);
});

test('who changed nothing takes the other text; the same edit twice is one', () => {
  fc.assert(
    fc.property(text, text, (base, other) => {
      expect(mergeText(base, base, other)).toEqual({ text: other, clashes: 0 });
      expect(mergeText(base, other, base)).toEqual({ text: other, clashes: 0 });
      expect(mergeText(base, other, other)).toEqual({ text: other, clashes: 0 });
    }),
  );
});

test('no line that either wrote is lost', () => {
  fc.assert(
    fc.property(text, text, text, (base, mine, theirs) => {
      const merged = new Set(mergeText(base, mine, theirs).text.split('\n'));
      const old = new Set(base.split('\n'));
      for (const written of [...mine.split('\n'), ...theirs.split('\n')])
        if (!old.has(written)) expect(merged).toContain(written);
    }),
  );
});
