import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { securityHeaders } from './security-headers.ts';

const requestFor = (host: string) => ({ headers: { host } }) as Pick<IncomingMessage, 'headers'>;
const policyFor = (host: string) => securityHeaders(requestFor(host), true)['content-security-policy'] ?? '';

describe('the headers of every answer', () => {
  it('carry a nonce that is new each time, and no unsafe script', () => {
    const nonce = (policy: string) => /'nonce-([^']+)'/.exec(policy)?.[1];
    expect(nonce(policyFor('a:1'))).not.toBe(nonce(policyFor('a:1')));
    expect(policyFor('a:1')).not.toContain('unsafe');
    expect(policyFor('a:1')).toContain("frame-ancestors 'none'");
  });

  it('let a page open WebSockets to where it came from, and nowhere else', () => {
    expect(policyFor('berth.example:8443')).toMatch(/connect-src 'self' wss:\/\/berth\.example:8443;/);
  });

  it.each(['a; script-src *', "a' 'unsafe-inline'", 'a b', 'a\r\nx: y'])(
    'never let a Host header (%j) into the policy',
    (host) => {
      expect(policyFor(host)).toMatch(/connect-src 'self';/);
    },
  );
});
