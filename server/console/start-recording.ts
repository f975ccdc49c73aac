import type { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor } from '../platform.ts';
import type { RecordingSubject } from '../recording/recording-book.ts';
import type { RecordingView, startRecordingInput } from '../recording/schema.ts';
import { auditPolicy } from './audit-policy.ts';
import { requireDriver } from './require-driver.ts';
import type { ConsoleServices } from './services.ts';
import type { TerminalKey } from './terminal-desk.ts';

type Described = Omit<
  RecordingSubject,
  'startedBy' | 'isAlways' | 'project' | 'mostBytes' | 'keepDays' | 'hasInput'
>;

/** The terminal that somebody means, in words. Throws `not_found`. */
export async function describeTerminal(
  services: Pick<ConsoleServices, 'sessions' | 'guests'>,
  key: { session: string } | { guest: string },
): Promise<{ key: TerminalKey; described: Described }> {
  if ('guest' in key) {
    const { id, name } = await services.guests.find(key.guest);
    const described = { guestId: id, guest: name, session: null, title: 'console', user: null };
    return { key: { guestId: id }, described };
  }
  const session = services.sessions.find(key.session);
  if (!session) {
    throw new AppError('not_found', `there is no shell ${key.session}`, { field: ['session'] });
  }
  const guest = await services.guests.find(session.guestId);
  const title = session.name ?? (session.command.length > 0 ? session.command.join(' ') : 'login shell');
  const described = { guestId: guest.id, guest: guest.name, session: session.id, title, user: session.user };
  return { key: { session: session.id }, described };
}

/** Make a recording of a terminal, and tell everybody in it. Nothing is left when it cannot be recorded. */
export async function recordTerminal(
  services: ConsoleServices,
  key: TerminalKey,
  subject: RecordingSubject,
): Promise<RecordingView> {
  const { desk, recordings, platform } = services;
  if (desk.recordingOf(key))
    throw new AppError('busy', `${subject.title} of ${subject.guest} is recorded already`);
  const running = await recordings.create(subject);
  const { id } = running.mark;
  try {
    await desk.record(key, running);
  } catch (error) {
    await recordings.finish(id, 'lost', null);
    await recordings.remove(id).catch(() => undefined);
    throw error;
  }
  platform.log.info('a terminal is recorded', { recording: id, guest: subject.guest, by: subject.startedBy });
  const view = recordings.get(id);
  auditPolicy(services.audit, 'recording.begin', view);
  return view;
}

/**
 * Record a shell, or a guest's console, from now on; what is typed only where that is asked for. Throws `not_found`, `forbidden` (who may
 * only watch), `busy` (it is recorded already) and `no_space`.
 */
export async function startRecording(
  services: ConsoleServices,
  actor: Actor,
  input: z.output<typeof startRecordingInput>,
): Promise<RecordingView> {
  const { key, described } = await describeTerminal(services, input);
  await requireDriver(services, actor, described.guestId);
  const nobodys = { isAlways: false, project: null, mostBytes: null, keepDays: null };
  const subject = { ...described, ...nobodys, startedBy: actorName(actor), hasInput: input.input };
  return recordTerminal(services, key, subject);
}
