import { expect, test } from 'vitest';
import {
  addressesOf,
  allocateLease,
  gatewayOf,
  integerOf,
  lastLease,
  linkLocalOf,
  prefixesOf,
} from './leases.ts';

const ranges = { ipv4: '10.209.16.0/20', ipv6: 'fdab:1:2:1::/64' };

test('both families end in the number of the lease', () => {
  expect(gatewayOf(ranges)).toEqual({ ipv4: '10.209.16.1', ipv6: 'fdab:1:2:1::1' });
  expect(addressesOf(ranges, 255)).toEqual({ ipv4: '10.209.16.255', ipv6: 'fdab:1:2:1::ff' });
  expect(addressesOf(ranges, 256)).toEqual({ ipv4: '10.209.17.0', ipv6: 'fdab:1:2:1::100' });
  expect(prefixesOf(ranges)).toEqual({ ipv4: 20, ipv6: 64 });
});

test('the last lease is just below the broadcast address', () => {
  expect(lastLease(ranges)).toBe(4094);
  expect(addressesOf(ranges, 4094).ipv4).toBe('10.209.31.254');
  for (const wrong of [0, 4095, 1.5, Number.NaN, -1]) {
    expect(() => addressesOf(ranges, wrong), String(wrong)).toThrow(
      expect.objectContaining({ code: 'bad_input' }),
    );
  }
});

test('the lowest free lease is taken, never the gateway’s', () => {
  expect(allocateLease(ranges, new Set())).toBe(2);
  expect(allocateLease(ranges, new Set([2, 3, 5]))).toBe(4);
});

test('a full range says so', () => {
  const small = { ipv4: '10.0.0.0/29', ipv6: 'fd00::/64' };
  const full = new Set([2, 3, 4, 5, 6]);
  expect(() => allocateLease(small, full)).toThrow(
    expect.objectContaining({ code: 'unavailable', message: expect.stringContaining('all 5 addresses') }),
  );
  full.delete(6);
  expect(allocateLease(small, full)).toBe(6);
});

test('the link-local address is the one of RFC 4291, appendix A', () => {
  expect(linkLocalOf('34:56:78:9a:bc:de')).toBe('fe80::3656:78ff:fe9a:bcde');
  expect(linkLocalOf('02:00:5e:00:00:02')).toBe('fe80::0:5eff:fe00:2');
});

test('an address as a number has all 128 bits', () => {
  expect(integerOf('fdab:1:2:1::1f')).toBe('0xfdab000100020001000000000000001f');
  expect(integerOf('fe80::36ff:fe9a:bcde:1')).toBe('0xfe8000000000000036fffe9abcde0001');
});
