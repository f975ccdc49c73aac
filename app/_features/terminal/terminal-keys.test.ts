import { expect, it } from 'vitest';
import { inCursorMode, isDeskShortcut, isTyping, shortcutOf } from './terminal-keys.ts';

const press = (key: string, ...held: ('ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey')[]) => ({
  ...{ key, type: 'keydown', ctrlKey: false, shiftKey: false, altKey: false, metaKey: false },
  ...Object.fromEntries(held.map((one) => [one, true])),
});

it('leaves the shell every key that a terminal can tell it', () => {
  for (const key of ['c', 'v', 'f', 'd', 'e', 'b', 'k', 'ArrowLeft', '_'])
    expect(shortcutOf(press(key, 'ctrlKey'), true)).toBeNull();
  // readline's undo
  expect(shortcutOf(press('_', 'ctrlKey', 'shiftKey'), true)).toBeNull();
  expect(shortcutOf(press('ArrowLeft', 'ctrlKey', 'shiftKey'), false)).toBeNull();
  expect(shortcutOf({ ...press('C', 'ctrlKey', 'shiftKey'), type: 'keyup' }, true)).toBeNull();
});

it('knows its own', () => {
  expect(shortcutOf(press('C', 'ctrlKey', 'shiftKey'), false)).toBe('copy');
  expect(shortcutOf(press('+', 'ctrlKey', 'shiftKey'), false)).toBe('larger');
  expect(shortcutOf(press('-', 'ctrlKey'), false)).toBe('smaller');
  expect(shortcutOf(press('ArrowUp', 'ctrlKey', 'shiftKey'), true)).toBe('focus-up');
  expect(shortcutOf(press('ArrowUp', 'ctrlKey', 'shiftKey', 'altKey'), true)).toBe('grow-up');
  expect(
    ['focus-up', 'detach', 'grow-left', 'split-down'].every((one) => isDeskShortcut(one as 'detach')),
  ).toBe(true);
  expect(['copy', 'search', 'larger'].some((one) => isDeskShortcut(one as 'copy'))).toBe(false);
});

it('sends a cursor key as the receiver asked for it', () => {
  expect(inCursorMode('\x1b[A', true)).toBe('\x1bOA');
  expect(inCursorMode('\x1bOD', false)).toBe('\x1b[D');
  expect(inCursorMode('A', true)).toBe('A');
});

it('tells keys from what belongs to one place', () => {
  for (const data of ['a', '\r', '\x1b[A', '\x03', '\x1b[5~']) expect(isTyping(data)).toBe(true);
  for (const data of ['\x1b[<0;10;20M', '\x1b[M !!', '\x1b[I', '\x1b[O']) expect(isTyping(data)).toBe(false);
});
