import { expect, test } from 'vitest';
import { plainText } from './plain-text.ts';

const ESC = '\u001b';

test.each([
  [`${ESC}[1;32mgreen${ESC}[0m`, 'green'],
  [`${ESC}]0;a title\u0007rest`, 'rest'],
  [`${ESC}]52;c;ZXZpbA==${ESC}\\rest`, 'rest'],
  ['10%\r50%\r100%\r\nnext', '100%\nnext'],
  ['a\u0000b\u0008c\u009bd', 'abcd'],
  ['tab\tstays\nso', 'tab\tstays\nso'],
  ['<b>&', '<b>&'],
])('%j reads %j', (output, text) => {
  expect(plainText(output)).toBe(text);
});
