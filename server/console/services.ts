import type { AuditLog } from '../audit/audit-log.ts';
import type { GuestView } from '../guest/schema.ts';
import type { Actor, Platform } from '../platform.ts';
import type { WatchedTerminal } from '../presence/presence-book.ts';
import { RecordingBook } from '../recording/recording-book.ts';
import type { ProjectRecording } from '../recording/schema.ts';
import { auditPolicy } from './audit-policy.ts';
import { SessionBook } from './session-book.ts';
import { TerminalDesk } from './terminal-desk.ts';
import { TicketBox } from './tickets.ts';
import { RightsWatch } from './watch-rights.ts';

/** What consoles need to know of a guest. */
export type ConsoleGuest = Pick<GuestView, 'id' | 'name' | 'state' | 'project'>;

/** How consoles find guests: by id or by name. */
export interface GuestDirectory {
  /** Throws `not_found`. */
  find(ref: string): Promise<ConsoleGuest>;
  /** Throws `forbidden` when the actor may not enter this guest. */
  requireEntry(actor: Actor, ref: string): Promise<void>;
  /** Whether there is a guest of this id, in the trash or not. */
  isThere(id: string): boolean;
  /**
   * What the actor may do in the terminals of a guest, and so with what was recorded of them: by its id alone, also of one in the
   * trash. Null: it is gone.
   */
  rightsOn(actor: Actor, id: string): Promise<{ mayWatch: boolean; mayDrive: boolean } | null>;
  /** Whether the actor may type in its terminals; who may not but may enter only watches. Throws `not_found`. */
  mayDrive(actor: Actor, ref: string): Promise<boolean>;
  /** Whether the actor may type in the terminals of all guests, those to come among them. */
  mayDriveAll(actor: Actor): Promise<boolean>;
  /** Ids of the guests that have terminals now. */
  running(): string[];
  /** Whether no guest is closed to the actor. */
  mayEnterAll(actor: Actor): Promise<boolean>;
  /** What a project says of recording its guests' terminals; null: nothing. */
  recordingOf(project: string): ProjectRecording | null;
  /** Whether the actor may say so, of any project. */
  mayManageProjects(actor: Actor): Promise<boolean>;
  /** Whether a guest's terminals are always recorded is something else from now on: its view says so. */
  tellRecorded(guestId: string, always: boolean): void;
}

/** What the verbs of consoles use. */
export interface ConsoleServices {
  platform: Pick<Platform, 'runtime' | 'log' | 'instance'>;
  guests: GuestDirectory;
  tickets: TicketBox;
  sessions: SessionBook;
  desk: TerminalDesk;
  recordings: RecordingBook;
  audit: Pick<AuditLog, 'write'>;
  rights: RightsWatch;
}

/** Make them; `adoptSessions` is to be called once, after the guests are reconciled. */
export function createConsoleServices(options: {
  platform: ConsoleServices['platform'];
  guests: GuestDirectory;
  audit: Pick<AuditLog, 'write'>;
  /** Hears who is in each terminal, as it changes. */
  onPeople?(terminal: string, of: WatchedTerminal): void;
}): ConsoleServices {
  const { platform, guests, audit, onPeople } = options;
  const sessions = new SessionBook({
    runDir: platform.instance.runDir,
    runtime: platform.runtime,
    log: platform.log,
  });
  const recordings = new RecordingBook({
    dataDir: platform.instance.dataDir,
    log: platform.log,
    onEnd: (view) => auditPolicy(audit, 'recording.end', view),
  });
  const desk = new TerminalDesk({
    folder: sessions.folder,
    runtime: platform.runtime,
    log: platform.log,
    onSessionExit: (session, exit) => sessions.ended(session, exit),
    onRecordingEnd: (id) => void recordings.finish(id, 'ended', null).catch(() => undefined),
    onPeople: (key, seats) => {
      const isShell = 'session' in key;
      const shell = isShell ? sessions.find(key.session) : null;
      const guest = isShell ? shell?.guestId : key.guestId;
      // Command lines of root are one person, too.
      const people = seats.map((seat) => (seat.name === 'root' ? { ...seat, account: 'root' } : seat));
      const about = { kind: isShell ? ('shell' as const) : ('console' as const), name: shell?.name ?? null };
      onPeople?.(isShell ? key.session : `console of ${key.guestId}`, {
        ...{ ...about, guest: guest ?? '' },
        people: guest === undefined ? [] : people,
      });
    },
  });
  sessions.onForget((session) => void desk.forget(session));
  const rights = new RightsWatch(guests);
  return { platform, guests, tickets: new TicketBox(), sessions, desk, recordings, audit, rights };
}
