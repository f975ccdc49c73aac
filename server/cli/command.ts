import type { Api } from './api.ts';
import type { Output } from './terminal-output.ts';

export interface OptionSpec {
  type: 'string' | 'boolean';
  short?: string;
  /** May be given more than once. */
  multiple?: boolean;
  /** What the value is, in help: `SIZE`. */
  value?: string;
  help: string;
}

/** A command line, parsed by the command's own spec. */
export interface Invocation {
  /** Words that are no options. */
  names: string[];
  /** What follows `--`; null without one. */
  rest: string[] | null;
  text(option: string): string | undefined;
  texts(option: string): string[];
  flag(option: string): boolean;
  json: boolean;
  out: Output;
  /** Connected when it is first used. */
  api(): Promise<Api>;
}

export interface CommandSpec {
  /** Behind the command's name: `GUEST... [--force]`. */
  usage: string;
  /** What help says beyond the summary, whole lines. */
  about?: string;
  options?: Readonly<Record<string, OptionSpec>>;
  /** How many words that are no options; `max` may be Infinity. */
  names: { min: number; max: number; what: string };
  /** Whether words may follow `--`, and what they are. */
  rest?: string;
  /** Resolves to the exit status. Throws AppError for everything that a user can mend. */
  run(invocation: Invocation): Promise<number>;
}

/** A command before it is loaded. */
export interface CommandEntry {
  /** One line, for the overview. */
  summary: string;
  aliases?: readonly string[];
  /** Loaded when it is used: a list of guests need not load what a terminal needs. */
  load(): Promise<CommandSpec>;
}
