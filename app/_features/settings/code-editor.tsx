'use client';

import { useId, useRef } from 'react';
import { cx, Icon } from '../../_ui/index.ts';

/** Something wrong with a text, at a line counted from 1. */
export interface LineProblem {
  line: number;
  message: string;
}

export interface CodeEditorProps {
  label: string;
  text: string;
  problems: readonly LineProblem[];
  onChange: (text: string) => void;
}

/** Text with numbered lines; each problem is told beside its line's number and in words below. */
export function CodeEditor({ label, text, problems, onChange }: CodeEditorProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const lines = text.split('\n');
  const wrong = new Set(problems.map((problem) => problem.line));
  const goTo = (line: number) => {
    const start = lines.slice(0, line - 1).reduce((length, one) => length + one.length + 1, 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  };
  return (
    <div className="flex flex-col gap-2">
      <div
        className={cx(
          'flex overflow-x-auto rounded-md border bg-surface font-mono text-sm',
          problems.length > 0 ? 'border-bad' : 'border-line-strong',
        )}
      >
        <ol aria-hidden="true" className="select-none border-line border-r py-2 text-right text-muted">
          {Array.from(lines.keys(), (index) => index + 1).map((number) => (
            <LineNumber key={number} number={number} isWrong={wrong.has(number)} />
          ))}
        </ol>
        <textarea
          ref={area}
          aria-label={label}
          aria-invalid={problems.length > 0 || undefined}
          aria-describedby={problems.length > 0 ? id : undefined}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
          rows={lines.length}
          value={text}
          onChange={(event) => onChange(event.currentTarget.value)}
          className="min-w-0 flex-1 resize-none overflow-y-hidden bg-transparent px-3 py-2 leading-5 -outline-offset-2"
        />
      </div>
      {problems.length > 0 && (
        <ul id={id} role="alert" className="flex flex-col gap-1 text-bad text-sm">
          {problems.map(({ line, message }) => (
            <li key={`${line} ${message}`}>
              <button
                type="button"
                onClick={() => goTo(line)}
                className="flex items-start gap-1.5 rounded-sm text-left hover:underline"
              >
                <Icon name="warning" size={14} className="mt-0.75" />
                <span className="wrap-anywhere">
                  line {line}: {message}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function LineNumber({ number, isWrong }: { number: number; isWrong: boolean }) {
  return <li className={cx('px-2 leading-5', isWrong && 'bg-bad-soft font-semibold text-bad')}>{number}</li>;
}
