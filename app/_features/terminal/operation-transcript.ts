import type { OperationStep, OperationView } from '../../../server/operation/schema.ts';
import { formatDuration } from '../../_ui/format.ts';

const GREEN = '\x1b[32m';
const RED = '\x1b[31m';
const YELLOW = '\x1b[33m';
const DIM = '\x1b[2m';
const PLAIN = '\x1b[0m';
const CLEAR_LINE = '\r\x1b[2K';

/**
 * Writes an operation as terminal text: a line for each step as it ends, one live line for the step at work, the raw
 * output of builds between them, and at the end what went wrong. Feed it each new view and each piece of output.
 */
export class OperationTranscript {
  #write: (text: string) => void;
  #printed = new Map<number, OperationStep['status']>();
  #live = '';
  #atLineStart = true;
  #ended = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  update(operation: OperationView): void {
    if (this.#ended) return;
    let text = '';
    for (const [index, step] of operation.steps.entries()) {
      const line = this.#printed.get(index) === step.status ? null : stepLine(step);
      if (line === null) continue;
      this.#printed.set(index, step.status);
      text += `${line}\r\n`;
    }
    if (operation.status === 'running') {
      const live = liveLine(operation);
      if (text || live !== this.#live) this.#print(text, live);
      return;
    }
    this.#ended = true;
    this.#print(text + endLine(operation), '');
  }

  /** Raw terminal text of the work itself; a lone line feed also returns the carriage. */
  output(text: string): void {
    if (text === '') return;
    const lines = text.replace(/\r?\n/g, '\r\n');
    this.#write(this.#live ? CLEAR_LINE + lines : lines);
    this.#live = '';
    this.#atLineStart = lines.endsWith('\n');
  }

  #print(text: string, live: string): void {
    const clear = this.#live ? CLEAR_LINE : this.#atLineStart ? '' : '\r\n';
    this.#write(clear + text + live);
    this.#live = live;
    this.#atLineStart = live === '';
  }
}

/**
 * Joins the output that came before with what was heard since listening began, when the two may overlap: the end of
 * `before` that is also the start of `heard` counts once.
 */
export function joinOutput(before: string, heard: string): string {
  for (let shared = Math.min(before.length, heard.length); shared > 0; shared--) {
    if (before.endsWith(heard.slice(0, shared))) return before + heard.slice(shared);
  }
  return before + heard;
}

function stepLine(step: OperationStep): string | null {
  const name = oneLine(step.name);
  const ms = step.ms === null ? '' : `  ${DIM}${formatDuration(step.ms)}${PLAIN}`;
  if (step.status === 'done') return `${GREEN}✓${PLAIN} ${name}${ms}`;
  if (step.status === 'failed') return `${RED}✗ ${name}${PLAIN}${ms}`;
  if (step.status === 'undone') return `${YELLOW}↩${PLAIN} ${name} ${DIM}undone${PLAIN}`;
  if (step.status === 'skipped') return `${DIM}- ${name} skipped${PLAIN}`;
  return null;
}

function liveLine(operation: OperationView): string {
  const step = operation.steps.find((candidate) => candidate.status === 'running');
  if (!step) return '';
  const percent = operation.progress === null ? '' : ` ${Math.floor(operation.progress * 100)}%`;
  const message = operation.message ? ` ${DIM}${oneLine(operation.message).slice(0, 60)}${PLAIN}` : '';
  return `${DIM}…${PLAIN} ${oneLine(step.name)}${percent}${message}`;
}

function endLine(operation: OperationView): string {
  if (operation.status === 'cancelled') return `${YELLOW}cancelled${PLAIN}\r\n`;
  if (operation.status === 'failed')
    return `${RED}${oneLine(operation.error?.message ?? 'it failed')}${PLAIN}\r\n`;
  return '';
}

/** Names and messages may hold a guest's text: without control characters it cannot steer the terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
}
