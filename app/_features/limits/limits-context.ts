'use client';

import { createContext, useContext } from 'react';
import type { GuestEffects } from '../../../server/guest/effects-schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import type { HostView } from '../../../server/host/schema.ts';
import type { useUsageHistory } from '../guest-page/index.ts';
import type { Untold } from './effects-since.ts';
import type { LimitKey } from './limit-text.ts';
import type { LimitDraft } from './use-limit-draft.ts';

/** What every group of the page shows a part of. */
export interface LimitsPageData {
  guest: GuestView;
  host: HostView | null;
  draft: LimitDraft;
  effects: GuestEffects | null;
  history: ReturnType<typeof useUsageHistory>['history'];
  /** Why this host cannot hold a guest to a limit, or null. */
  lack: (key: LimitKey) => string | null;
  /** Why this host does not tell some effects. */
  untold: Untold;
}

const LimitsContext = createContext<LimitsPageData | null>(null);
export const LimitsProvider = LimitsContext.Provider;

/** The page that a group is on. Throws outside of one. */
export function useLimitsPage(): LimitsPageData {
  const data = useContext(LimitsContext);
  if (!data) throw new Error('a group of limits belongs on the page of limits');
  return data;
}
