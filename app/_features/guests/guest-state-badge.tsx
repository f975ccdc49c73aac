import type { GuestView } from '../../../server/guest/schema.ts';
import { Badge } from '../../_ui/index.ts';
import { GUEST_TONE } from './guest-tone.ts';

/** A guest's state as the kernel has it; while an operation is at work on it, that is what is shown. */
export function GuestStateBadge({
  guest,
  plain,
}: {
  guest: Pick<GuestView, 'state' | 'operation' | 'waitingForMemory'>;
  plain?: boolean;
}) {
  if (guest.waitingForMemory) {
    return (
      <Badge tone="wait" icon={guest.operation ? 'busy' : 'warning'} plain={plain}>
        memory full
      </Badge>
    );
  }
  const { tone, icon } = GUEST_TONE[guest.state];
  return (
    <Badge tone={tone} icon={guest.operation ? 'busy' : icon} plain={plain}>
      {guest.state}
    </Badge>
  );
}
