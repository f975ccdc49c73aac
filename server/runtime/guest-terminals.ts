import { join } from 'node:path';
import { HolderClient } from '../../native/lib/holder-client.ts';
import type { ProbeProgress } from '../guest/probe-schema.ts';
import { attachConsole } from './attach-console.ts';
import type { RuntimeContext } from './context.ts';
import { execInGuest } from './exec-process.ts';
import { inKernel } from './kernel-error.ts';
import type {
  ExecProcess,
  GuestTerminalsPort,
  SessionEnd,
  SessionSpec,
  TerminalConnection,
  WallSubject,
  WallTrial,
} from './port.ts';
import { terminalOf } from './terminal.ts';
import { tryWalls } from './try-walls.ts';

/** Consoles, shells and commands of guests. */
export function guestTerminals({ nativeDir, running, sessions, paths }: RuntimeContext): GuestTerminalsPort {
  return {
    async openSession(spec: SessionSpec): Promise<void> {
      running.get(spec.guestId);
      await inKernel('cannot open a shell', () => sessions.open(spec));
    },

    listSessions(): Promise<{ session: string; guestId: string }[]> {
      return sessions.list();
    },

    closeSession(session: string): Promise<void> {
      return sessions.close(session);
    },

    workdirOf(session: string): Promise<string> {
      return sessions.workdirOf(session);
    },

    onSessionEnd(listener: (end: SessionEnd) => void): void {
      sessions.onEnd(listener);
    },

    async attach(
      terminal: { session: string } | { guestId: string },
      from: number | 'tail',
    ): Promise<TerminalConnection> {
      if ('guestId' in terminal) {
        const { guestId: id } = terminal;
        return attachConsole(paths(id), { id, runs: running.has(id), from });
      }
      const path = await sessions.socketOf(terminal.session);
      const holder = await inKernel('cannot attach to the terminal', () =>
        HolderClient.connect(path, { role: 'terminal', from }),
      );
      return terminalOf(holder);
    },

    async exec(spec: Omit<SessionSpec, 'session' | 'columns' | 'rows'>): Promise<ExecProcess> {
      const { runDir } = paths(running.get(spec.guestId).id);
      const program = join(nativeDir, 'enter');
      return inKernel('cannot run a command in the guest', () => execInGuest(program, { runDir, spec }));
    },

    async tryWalls(guest: WallSubject, onProgress?: (progress: ProbeProgress) => void): Promise<WallTrial[]> {
      const { runDir } = paths(running.get(guest.id).id);
      return inKernel("cannot try the guest's walls", () =>
        tryWalls(guest, { nativeDir, runDir, onProgress }),
      );
    },
  };
}
