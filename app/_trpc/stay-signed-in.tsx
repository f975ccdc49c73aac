'use client';

import { useEffect } from 'react';
import { useTRPCClient } from './client.ts';
import { watchActivity } from './watch-activity.ts';

/**
 * A login ends when it idles, and only requests over HTTP push its end away and renew its cookie: whoever types in a terminal for
 * hours sends none, so the page does. What a guest prints is no activity. Renders nothing.
 */
export function StaySignedIn() {
  const api = useTRPCClient();
  // an answer that does not come is told by what the page shows, not here
  useEffect(() => watchActivity(window, () => void api.auth.me.query().catch(() => undefined)), [api]);
  return null;
}
