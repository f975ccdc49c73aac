import { safeJson, safeLines } from './clean-text.ts';
import { type Paint, paintFor } from './paint.ts';

/** Where a command writes. */
export interface Output {
  /** A line on stdout; like all but `raw` without anything that steers a terminal but colours. */
  line(text: string): void;
  /** JSON on stdout, indented. */
  json(value: unknown): void;
  /** A line on stderr: progress and remarks. */
  note(text: string): void;
  /** Text on stderr as it is. */
  raw(text: string): void;
  paint: Paint;
  /** Of stderr. */
  paintNote: Paint;
  /** Whether steps can be drawn over each other. */
  live: boolean;
}

/** stdout and stderr of this process; colours on a terminal only and never when NO_COLOR is set. */
export function processOutput(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Output {
  const noColor = (environment.NO_COLOR ?? '') !== '';
  const dumb = environment.TERM === 'dumb';
  return {
    line: (text) => void process.stdout.write(`${safeLines(text)}\n`),
    json: (value) => void process.stdout.write(`${safeJson(value, 2)}\n`),
    note: (text) => void process.stderr.write(`${safeLines(text)}\n`),
    raw: (text) => void process.stderr.write(text),
    paint: paintFor({ isTty: process.stdout.isTTY === true, noColor, dumb }),
    paintNote: paintFor({ isTty: process.stderr.isTTY === true, noColor, dumb }),
    live: process.stderr.isTTY === true && !dumb,
  };
}
