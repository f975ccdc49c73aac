import type { AuditLog } from '../audit/audit-log.ts';
import type { RecordingView } from '../recording/schema.ts';

/** Write down that a recording which a policy wants has begun, or is over; one by a button is in the audit by the call that made it. */
export function auditPolicy(
  audit: Pick<AuditLog, 'write'>,
  action: 'recording.begin' | 'recording.end',
  view: RecordingView,
): void {
  if (!view.isAlways) return;
  const { id, guestId, guest, session, project, startedBy: setBy, hasInput: input, end, stoppedBy } = view;
  const ended = action === 'recording.end' ? { end, stoppedBy } : {};
  void audit.write({
    ...{ actor: 'policy', actorId: null, via: 'server', address: null, action, operation: null },
    subject: { type: 'guest', id: guestId, name: guest },
    input: JSON.stringify({ id, session, project, setBy, input, ...ended }),
    ...{ outcome: 'done', reason: null },
  });
}
