import type { GuestState } from '../../../server/guest/state.ts';
import type { IconName, Tone } from '../../_ui/index.ts';

/** What each state's colour and icon are. */
export const GUEST_TONE: Record<GuestState, { tone: Tone; icon?: IconName }> = {
  creating: { tone: 'wait' },
  stopped: { tone: 'idle' },
  scheduled: { tone: 'wait' },
  starting: { tone: 'wait' },
  running: { tone: 'ok' },
  freezing: { tone: 'wait' },
  frozen: { tone: 'cold' },
  stopping: { tone: 'wait' },
  failed: { tone: 'bad' },
  deleting: { tone: 'wait' },
};
