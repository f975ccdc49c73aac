import { describe, expect, it } from 'vitest';
import { clientAddress, trustOf } from './client-address.ts';

describe('whose request it is', () => {
  const trust = trustOf('127.0.0.1, 10.0.0.0/8,fd00::/8');

  it.each([
    ['192.0.2.1', '6.6.6.6', '192.0.2.1'],
    ['::ffff:192.0.2.1', undefined, '192.0.2.1'],
    ['127.0.0.1', '192.0.2.7', '192.0.2.7'],
    ['127.0.0.1', '6.6.6.6, 192.0.2.7', '192.0.2.7'],
    ['127.0.0.1', '6.6.6.6, 192.0.2.7, 10.1.2.3', '192.0.2.7'],
    ['fd00::1', '2001:db8::7', '2001:db8::7'],
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['127.0.0.1', 'nonsense', '127.0.0.1'],
    ['127.0.0.1', '192.0.2.7, nonsense', '127.0.0.1'],
  ])('%s with x-forwarded-for %s is %s', (remote, forwardedFor, client) => {
    expect(clientAddress(remote, forwardedFor, trust)).toBe(client);
  });

  it('is never what the request says where nobody is trusted', () => {
    expect(clientAddress('127.0.0.1', '6.6.6.6', trustOf(''))).toBe('127.0.0.1');
  });

  it('a list that is none is refused by its entry', () => {
    expect(() => trustOf('127.0.0.1,proxy')).toThrow('proxy is no address');
  });
});
