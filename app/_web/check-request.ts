import type { IncomingMessage } from 'node:http';

/** Why a request is refused before anybody looks at what it wants. */
export interface Refusal {
  status: number;
  message: string;
}

const HOST = /^[A-Za-z0-9.:[\]_-]{1,255}$/;

/**
 * Headers by which Next's own parts talk to each other, and those of server actions, which Berth has none of: from a browser
 * they are at best a mistake (CVE-2025-29927, CVE-2025-55182).
 */
const INTERNAL =
  /^(?:x-middleware-|x-invoke-|x-nextjs-|x-matched-path$|x-now-|x-vercel-|x-prerender-|next-action|x-action-)/;

function countOf(request: Pick<IncomingMessage, 'rawHeaders'>, name: string): number {
  return request.rawHeaders.filter((one, index) => index % 2 === 0 && one.toLowerCase() === name).length;
}

/**
 * Pure: whether a request can be what a browser sends. Null when it can. Pages are only read: whatever changes something is
 * under /api and judged by the server.
 */
export function refusalOf(
  request: Pick<IncomingMessage, 'rawHeaders' | 'headers' | 'method' | 'url'>,
  of: { api: boolean; longestBody: number },
): Refusal | null {
  const { headers, method = '', url = '' } = request;
  // an absolute URI would name a host of its own, and // a host to whoever takes it for a link
  if (!url.startsWith('/') || /^\/[/\\]/.test(url))
    return { status: 400, message: 'the path must begin with one slash' };
  if (countOf(request, 'host') !== 1 || !HOST.test(headers.host ?? ''))
    return { status: 400, message: 'a request needs one Host header, a name or an address' };
  for (const once of ['origin', 'cookie', 'authorization', 'content-length', 'content-type', 'x-berth'])
    if (countOf(request, once) > 1) return { status: 400, message: `the header ${once} is there twice` };
  if (!of.api && method !== 'GET' && method !== 'HEAD')
    return { status: 405, message: 'pages are only read: GET or HEAD' };
  if (Number(headers['content-length'] ?? 0) > of.longestBody)
    return { status: 413, message: `a body has at most ${of.longestBody} bytes` };
  return null;
}

/** Take out what only Next may say to itself. */
export function dropInternalHeaders(headers: IncomingMessage['headers']): void {
  for (const name of Object.keys(headers)) if (INTERNAL.test(name)) delete headers[name];
}
