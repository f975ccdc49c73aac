import { join } from 'node:path';
import { keepConsole } from '../../native/lib/ended-run.ts';
import { HolderClient } from '../../native/lib/holder-client.ts';
import { FileName } from '../../native/protocol/wire.ts';
import { AppError } from '../errors/app-error.ts';
import { openEndedConsole } from './ended-console.ts';
import type { GuestPaths } from './guest-paths.ts';
import { inKernel } from './kernel-error.ts';
import type { TerminalConnection } from './port.ts';
import { terminalOf } from './terminal.ts';

/**
 * A guest's own console: of the one that runs, or what is kept of the last run. One that ends in this very moment is
 * the latter. Throws `illegal_state` when there is neither.
 */
export async function attachConsole(
  paths: GuestPaths,
  options: { id: string; runs: boolean; from: number | 'tail' },
): Promise<TerminalConnection> {
  const { id, runs, from } = options;
  const live = () =>
    HolderClient.connect(join(paths.runDir, FileName.socket), { role: 'terminal', from }).then(terminalOf);
  const kept = async () => {
    // Nothing to keep, or its folder went with it: what there is tells.
    await keepConsole(paths.runDir, paths.guestDir).catch(() => undefined);
    return openEndedConsole(paths.guestDir, from);
  };
  if (!runs) {
    const ended = await kept();
    if (ended) return ended;
    throw new AppError('illegal_state', `guest ${id} does not run, and nothing is kept of its console`);
  }
  return live().catch(async (error: unknown) => {
    const ended = await kept();
    if (ended) return ended;
    return inKernel('cannot attach to the terminal', () => Promise.reject(error));
  });
}
