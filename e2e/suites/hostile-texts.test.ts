import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../app/_features/guest-page/config-yaml.ts';
import { FrameReader } from '../../native/lib/holder-frames.ts';
import { parseExecRequest, parseTerminalRequest } from '../../server/console/frames.ts';
import { parsePasswd } from '../../server/guest/guest-users.ts';
import { parseIdMap, parseProcess } from '../../server/guest/process-files.ts';
import { parseMounts } from '../../server/isolation/mounts.ts';
import { parseRlimits } from '../../server/isolation/rlimits.ts';
import { parseEntries } from '../../server/runtime/entries.ts';

// What the server and the page read of a guest, a browser or the kernel: whatever it is, an answer, and no exception.

/** Words of the formats, put together as chance has it, beside any text. */
const text = fc.oneof(
  fc.fullUnicodeString({ maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '1',
          ' ',
          '\n',
          '\t',
          ':',
          '=',
          '\0',
          '(',
          ')',
          ') S ',
          'root',
          'x',
          '/',
          ' - ',
          ',',
          '\\040',
          '\\999',
        ],
        ...[
          'limits:',
          '&a',
          '*a',
          '<<: *a',
          '- ',
          '{',
          '[',
          ']',
          '}',
          '"',
          '!!js',
          '|',
          '1310720000',
          '-1',
          '1e999',
        ],
        ...[
          'Uid:\t1\t2',
          'NSpid:\t1',
          'Max open files',
          'unlimited',
          'rw',
          'shared:1',
          'cgroup2',
          '__proto__',
        ],
      ),
      { maxLength: 60 },
    )
    .map((words) => words.join('')),
);
const isolation = {
  mounts: [],
  devices: [],
  masked: { add: [], remove: [] },
  readOnly: { add: [], remove: [] },
};

test.each<[string, (input: string) => unknown]>([
  ['passwd', parsePasswd],
  ['an id map', parseIdMap],
  ['mountinfo', (input) => parseMounts(input, isolation as never)],
  ['limits', parseRlimits],
  ['entries', parseEntries],
  ['a process', (input) => parseProcess(input, input)],
  ['a configuration', parseConfig],
])('%s', (_what, parse) => {
  fc.assert(
    fc.property(text, (input) => {
      expect(parse(input)).not.toBeUndefined();
    }),
    { numRuns: 400 },
  );
});

describe('frames', () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

  test('of browsers: known or null', () => {
    fc.assert(
      fc.property(bytes, (frame) => {
        for (const parse of [parseTerminalRequest, parseExecRequest]) {
          const request = parse(frame);
          expect(request === null || typeof request.type === 'string').toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('of a holder: the same in any pieces', () => {
    const framesOf = (stream: Buffer, piece: number) => {
      const reader = new FrameReader();
      const frames: string[] = [];
      try {
        for (let at = 0; at < stream.length; at += piece)
          for (const { tag, payload } of reader.push(stream.subarray(at, at + piece)))
            frames.push(`${tag} ${payload.toString('hex')}`);
      } catch (error) {
        expect(error).toMatchObject({ code: 'EPROTO' });
        frames.push('refused');
      }
      return frames;
    };
    const frame = fc
      .tuple(fc.integer({ min: 0, max: 255 }), bytes)
      .map(([tag, payload]) =>
        Buffer.concat([Buffer.from([tag, payload.length & 255, payload.length >> 8, 0, 0]), payload]),
      );
    fc.assert(
      fc.property(fc.array(fc.oneof(frame, bytes)), fc.integer({ min: 1, max: 40 }), (parts, piece) => {
        const stream = Buffer.concat(parts);
        const pieces = framesOf(stream, piece);
        const whole = framesOf(stream, Math.max(1, stream.length));
        // Where a frame is refused the ones before it may have been told already.
        if (whole.includes('refused')) expect(pieces.at(-1)).toBe('refused');
        else expect(pieces).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });
});

test('a huge configuration, and a deep one, are refused at once (CVE-2026-41648)', () => {
  const huge = parseConfig(`command: ["${'x'.repeat(5_000_000)}"]`);
  expect(huge).toEqual({
    config: null,
    problems: [expect.objectContaining({ message: 'a configuration has at most 512 KiB' })],
  });
  expect(parseConfig('['.repeat(3000)).config).toBeNull();
  const bomb = Array.from(
    { length: 30 },
    (_, i) => `b${i}: &b${i} [${i > 0 ? `*b${i - 1}, *b${i - 1}` : 'x'}]`,
  ).join('\n');
  expect(parseConfig(bomb).problems[0]?.message).toBe('aliases are not used here');
});
