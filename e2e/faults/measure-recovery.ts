import { readFileSync } from 'node:fs';
import { FaultServer } from './fault-server.ts';

/** Guests that are made at once. */
const AT_ONCE = 4;
const LIMITS = { memory: 32 * 1024 * 1024, pids: 16 };

export interface RecoveryFigures {
  guests: number;
  /** ms from the start of the process until it answers, each time. */
  times: number[];
  /** ms of processor time that the server itself needed for it, each time: says more on a busy machine. */
  cpu: number[];
  /** What the oracles found, a line each. */
  faults: string[];
}

/** Kill a server of so many running guests and start it again, so many times. `told` hears how far it is. */
export async function measureRecovery(options: {
  guests: number;
  times: number;
  told?: (line: string) => void;
}): Promise<RecoveryFigures> {
  const { guests, times, told } = options;
  await using server = await FaultServer.make();
  const { client } = server;
  const names = Array.from({ length: guests }, (_, number) => `r${number}`);
  const make = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const made = await client.change('guest.create', { name, limits: LIMITS, start: true, wait: true });
      if (made.kind !== 'acknowledged' || made.status !== 'done')
        throw new Error(`${name} cannot be made: ${JSON.stringify(made)}`);
      if (names.length % 100 === 0) told?.(`${guests - names.length} guests run`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, make));
  const figures: RecoveryFigures = { guests, times: [], cpu: [], faults: [] };
  for (let time = 0; time < times; time++) {
    await server.kill();
    const began = performance.now();
    if (!(await server.start())) throw new Error(`the server does not start again:\n${server.log()}`);
    figures.times.push(performance.now() - began);
    figures.cpu.push(processorTime(server.pid));
    told?.(`${guests} guests were taken back in ${Math.round(figures.times.at(-1) ?? 0)} ms`);
  }
  figures.faults = await server.judge();
  told?.(
    figures.faults.length === 0
      ? `both oracles are content with ${guests} guests; they are being removed`
      : figures.faults.join('\n'),
  );
  return figures;
}

/** ms: fields 14 and 15 of proc_pid_stat(5), in ticks of 10 ms. */
function processorTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
