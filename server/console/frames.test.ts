import { describe, expect, test } from 'vitest';
import { outputFrame, parseExecRequest, parseTerminalRequest } from './frames.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('frames of a terminal', () => {
  test('are read as the protocol says', () => {
    expect(parseTerminalRequest(hex('69 00 ff'))).toEqual({ type: 'input', bytes: hex('00 ff') });
    expect(parseTerminalRequest(hex('72 5000 1800'))).toEqual({ type: 'resize', columns: 80, rows: 24 });
    expect(parseTerminalRequest(hex('61 0001000001000000'))).toEqual({
      type: 'acknowledge',
      offset: 2 ** 32 + 256,
    });
  });

  test.each([
    ['empty', ''],
    ['of an unknown tag', '7a 00'],
    ['a resize that is short', '72 5000'],
    ['a resize to one column', '72 0100 1800'],
    ['a resize to no row', '72 5000 0000'],
    ['a resize past a thousand', '72 e903 1800'],
    ['an acknowledgement past what a number holds', '61 ffffffffffffffff'],
    ['an acknowledgement that is long', '61 000000000000000000'],
  ])('are refused when %s', (_what, bytes) => {
    expect(parseTerminalRequest(hex(bytes))).toBeNull();
  });

  test('carry the offset of their first byte past 4 GiB', () => {
    expect(outputFrame(2 ** 32 + 1, hex('6869'))).toEqual(hex('6f 0100000001000000 6869'));
  });
});

describe('frames of a command', () => {
  test('are read as the protocol says', () => {
    expect(parseExecRequest(hex('30 ff'))).toEqual({ type: 'stdin', bytes: hex('ff') });
    expect(parseExecRequest(hex('34'))).toEqual({ type: 'stdinEnd' });
    expect(parseExecRequest(hex('35 00000100'))).toEqual({ type: 'acknowledge', bytes: 65_536 });
    expect(parseExecRequest(Buffer.from('6SIGINT'))).toEqual({ type: 'signal', name: 'SIGINT' });
  });

  test.each(['', '35 0000', '36 53494753494753494753494753494753', '69 61'])('refuses %s', (bytes) => {
    expect(parseExecRequest(hex(bytes))).toBeNull();
  });
});
