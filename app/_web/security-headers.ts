import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What every answer carries. The nonce is new for each; nothing is ever loaded from another host. */
export function securityHeaders(
  request: Pick<IncomingMessage, 'headers'>,
  secure: boolean,
): Record<string, string> {
  const nonce = randomBytes(16).toString('base64');
  const host = request.headers.host ?? '';
  // a Host header with other characters never gets into the policy
  const socket = /^[A-Za-z0-9.:[\]-]+$/.test(host) ? ` ${secure ? 'wss' : 'ws'}://${host}` : '';
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${socket}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {
    'content-security-policy': policy,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    ...(secure ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}
