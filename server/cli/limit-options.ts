import type { GuestLimits } from '../guest/schema.ts';
import type { Invocation, OptionSpec } from './command.ts';
import { parseBytes, parseNumber } from './units.ts';

export const LIMIT_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  cpu: { type: 'string', value: 'CORES', help: 'cores it may use: 1.5 is one and a half' },
  memory: { type: 'string', value: 'SIZE', help: 'memory it may use: 512MiB, 2GiB' },
  swap: { type: 'string', value: 'SIZE', help: 'swap beside the memory; 0 is none' },
  pids: { type: 'string', value: 'NUMBER', help: 'processes and threads it may have' },
};

/** The limits that were typed; undefined when there are none. Throws `bad_input`; bounds are the server's. */
export function readLimits({ text }: Pick<Invocation, 'text'>): Partial<GuestLimits> | undefined {
  const limits: Partial<GuestLimits> = {};
  const [cpu, memory, swap, pids] = ['cpu', 'memory', 'swap', 'pids'].map(text);
  if (cpu !== undefined) limits.cpu = parseNumber(cpu, '--cpu', '1.5');
  if (memory !== undefined) limits.memory = parseBytes(memory, '--memory');
  if (swap !== undefined) limits.swap = parseBytes(swap, '--swap');
  if (pids !== undefined) limits.pids = parseNumber(pids, '--pids', '512');
  return Object.keys(limits).length === 0 ? undefined : limits;
}
