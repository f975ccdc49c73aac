import { describe, expect, it } from 'vitest';
import type { OperationStep, OperationView } from '../../../server/operation/schema.ts';
import { joinOutput, OperationTranscript } from './operation-transcript.ts';

function operation(
  over: Partial<OperationView>,
  steps: [string, OperationStep['status'], number?][],
): OperationView {
  return {
    id: 'o1',
    kind: 'guest.create',
    status: 'running',
    subject: { type: 'guest', id: 'g1', name: 'web-1' },
    actor: 'ada',
    steps: steps.map(([name, status, ms]) => ({ name, status, ms: ms ?? null })),
    progress: null,
    message: null,
    cancellable: false,
    error: null,
    createdAt: '2026-01-01T00:00:00Z',
    endedAt: null,
    ...over,
  };
}

/** What stands on the screen: colours gone, cleared lines removed. */
function screen(text: string): string {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const visible = lines.map((line) => line.split('\r\x1b[2K').at(-1) ?? '');
  return visible
    .map((line) =>
      line
        .split('\x1b[')
        .map((part, index) => (index ? part.replace(/^\d*m/, '') : part))
        .join(''),
    )
    .join('\n');
}

describe('the transcript', () => {
  it('ticks each step once and keeps one live line', () => {
    let text = '';
    const transcript = new OperationTranscript((part) => {
      text += part;
    });
    transcript.update(
      operation({}, [
        ['claim', 'running'],
        ['start', 'pending'],
      ]),
    );
    expect(screen(text)).toBe('… claim');
    transcript.update(
      operation({}, [
        ['claim', 'done', 3],
        ['start', 'running'],
      ]),
    );
    transcript.update(
      operation({ progress: 0.5 }, [
        ['claim', 'done', 3],
        ['start', 'running'],
      ]),
    );
    expect(screen(text)).toBe('✓ claim  3 ms\n… start 50%');
    transcript.update(
      operation({ status: 'done' }, [
        ['claim', 'done', 3],
        ['start', 'done', 1234],
      ]),
    );
    expect(screen(text)).toBe('✓ claim  3 ms\n✓ start  1.2 s\n');
  });

  it('says what failed, why, and what was undone', () => {
    let text = '';
    const transcript = new OperationTranscript((part) => {
      text += part;
    });
    transcript.update(
      operation({}, [
        ['claim', 'done', 3],
        ['start', 'running'],
      ]),
    );
    transcript.update(
      operation(
        {
          status: 'failed',
          error: { code: 'kernel', message: 'clone3: no\x1b]52;c;aGk=\x07 room', field: null },
        },
        [
          ['claim', 'undone', 3],
          ['start', 'failed', 7],
        ],
      ),
    );
    expect(screen(text)).toBe('✓ claim  3 ms\n↩ claim undone\n✗ start  7 ms\nclone3: no ]52;c;aGk=  room\n');
  });

  it('lets output take the place of the live line and ends a broken line of it', () => {
    let text = '';
    const transcript = new OperationTranscript((part) => {
      text += part;
    });
    transcript.update(operation({}, [['unpack', 'running']]));
    transcript.output('Get:1 base\nGet:2');
    transcript.update(operation({}, [['unpack', 'done', 5]]));
    expect(screen(text)).toBe('Get:1 base\nGet:2\n✓ unpack  5 ms\n');
    expect(text).toContain('base\r\n');
  });
});

describe('joinOutput', () => {
  it.each([
    ['abc', 'def', 'abcdef'],
    ['abcdef', 'defg', 'abcdefg'],
    ['abc', 'abc', 'abc'],
    ['', 'x', 'x'],
    ['x', '', 'x'],
  ])('%j and %j make %j', (before, heard, whole) => {
    expect(joinOutput(before, heard)).toBe(whole);
  });
});
