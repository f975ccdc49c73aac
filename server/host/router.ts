import type { Platform } from '../platform.ts';
import { allowed, router } from '../trpc.ts';
import { checkHostOnce } from './check-host-once.ts';
import { HostInfo } from './host-info.ts';

/** What the host is and can do. */
export function hostRouter(
  platform: Pick<Platform, 'runtime' | 'instance'>,
  options: { version: string; dns: () => boolean },
) {
  const host = new HostInfo(platform, options);
  const check = checkHostOnce(platform);
  return router({
    info: allowed('host.view', 'any').query(() => host.read()),
    check: allowed('host.view', 'everything').query(() => check()),
  });
}
