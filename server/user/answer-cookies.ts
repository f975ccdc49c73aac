import type { RequestContext } from '../trpc.ts';

/** Cookies for the browser that asks. */
export function answerCookies(
  { responseHeaders }: Pick<RequestContext, 'responseHeaders'>,
  cookies: readonly string[],
) {
  for (const cookie of cookies) responseHeaders.append('set-cookie', cookie);
}
