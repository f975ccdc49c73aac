import { describe, expect, it } from 'vitest';
import { dropInternalHeaders, refusalOf } from './check-request.ts';

function requestOf(method: string, url: string, ...rawHeaders: string[]) {
  const headers: Record<string, string> = {};
  for (let i = 0; i < rawHeaders.length; i += 2)
    headers[(rawHeaders[i] ?? '').toLowerCase()] = rawHeaders[i + 1] ?? '';
  return { method, url, rawHeaders, headers };
}
const of = (api: boolean) => ({ api, longestBody: 1000 });

describe('what no browser sends', () => {
  it.each([
    [requestOf('GET', '/guests', 'Host', 'a:1'), false],
    [requestOf('POST', '/api/trpc/x', 'Host', '[::1]:8443', 'Content-Length', '1000'), true],
  ])('the control: an ordinary request goes on', (request, api) => {
    expect(refusalOf(request, of(api))).toBeNull();
  });

  it.each([
    ['an absolute URI', requestOf('GET', 'http://evil.test/', 'Host', 'a'), 400],
    ['a host as a path', requestOf('GET', '//evil.test/', 'Host', 'a'), 400],
    ['the same with a backslash', requestOf('GET', '/\\evil.test/', 'Host', 'a'), 400],
    ['an asterisk', requestOf('OPTIONS', '*', 'Host', 'a'), 400],
    ['no host', requestOf('GET', '/'), 400],
    ['two hosts', requestOf('GET', '/', 'Host', 'a', 'host', 'b'), 400],
    ['a host that is markup', requestOf('GET', '/', 'Host', 'a"><script>'), 400],
    ['two cookies', requestOf('GET', '/', 'Host', 'a', 'Cookie', 'a=1', 'Cookie', 'a=2'), 400],
    ['a change of a page', requestOf('POST', '/guests', 'Host', 'a'), 405],
    ['a long body', requestOf('POST', '/api/x', 'Host', 'a', 'Content-Length', '1001'), 413],
  ])('%s is refused', (_what, request, status) => {
    expect(refusalOf(request, of(request.url.startsWith('/api')))?.status).toBe(status);
  });

  it('what Next says to itself is taken out', () => {
    const headers = {
      'x-middleware-subrequest': 'src/middleware:src/middleware',
      'next-action': 'abc',
      'x-nextjs-data': '1',
      'x-invoke-path': '/admin',
      accept: '*/*',
      rsc: '1',
    };
    dropInternalHeaders(headers);
    expect(headers).toEqual({ accept: '*/*', rsc: '1' });
  });
});
