'use client';

import type { OperationStatus, OperationView } from '../../../server/operation/schema.ts';
import { Badge, formatDuration, type IconName, type Tone } from '../../_ui/index.ts';
import { useNow } from '../../_ui/relative-time.tsx';

const LOOK: Record<OperationStatus, { tone: Tone; icon: IconName }> = {
  running: { tone: 'wait', icon: 'busy' },
  done: { tone: 'ok', icon: 'check' },
  failed: { tone: 'bad', icon: 'warning' },
  cancelled: { tone: 'idle', icon: 'close' },
};

export function OperationStatusBadge({ status, plain }: { status: OperationStatus; plain?: boolean }) {
  return (
    <Badge tone={LOOK[status].tone} icon={LOOK[status].icon} plain={plain}>
      {status}
    </Badge>
  );
}

/** How long it took, or has taken until now. */
export function OperationDuration({ operation }: { operation: OperationView }) {
  const now = useNow();
  const end = operation.endedAt ? Date.parse(operation.endedAt) : Math.max(now, Date.now());
  return (
    <span className="whitespace-nowrap">
      {formatDuration(Math.max(0, end - Date.parse(operation.createdAt)))}
    </span>
  );
}

/** `Start web-1` from `guest.start`. */
export function operationTitle(operation: Pick<OperationView, 'kind' | 'subject'>): string {
  const verb = operation.kind.split('.')[1] ?? operation.kind;
  return `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${operation.subject.name}`;
}
