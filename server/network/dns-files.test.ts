import { expect, test } from 'vitest';
import { dnsConfig, dnsHost, guestResolvConf } from './dns-files.ts';

const names = { bridge: 'berth1', ipv4: '10.209.16.0/20', ipv6: 'fdab:1:2:1::/64' };

test('a guest has both addresses under both names', () => {
  expect(dnsHost(names, { name: 'web', lease: 2 })).toBe(
    '10.209.16.2 web.berth web\nfdab:1:2:1::2 web.berth web\n',
  );
});

test('nothing that is no label becomes a line', () => {
  const evil = [
    'web\n8.8.8.8 deb.debian.org',
    'web deb.debian.org',
    'web#',
    'web.example',
    '-web',
    'web-',
    'Web',
    'wéb',
    '',
    'w'.repeat(64),
  ];
  for (const name of evil) {
    expect(() => dnsHost(names, { name, lease: 2 }), JSON.stringify(name)).toThrow('cannot be in DNS');
  }
  expect(dnsHost(names, { name: 'w'.repeat(63), lease: 2 })).toContain('10.209.16.2');
  expect(() => dnsHost(names, { name: 'web', lease: 4095 })).toThrow('lease 4095');
});

test('dnsmasq answers on the bridge alone, as its own user, for its own zone', () => {
  const lines = dnsConfig(names, { folder: '/run/berth/1/dns', user: 'berth-dns' }).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'user=berth-dns',
      'interface=berth1',
      'except-interface=lo',
      'bind-dynamic',
      'listen-address=10.209.16.1',
      'listen-address=fdab:1:2:1::1',
      'local=/berth/',
      'addn-hosts=/run/berth/1/dns/hosts',
    ]),
  );
});

test('a guest asks the bridge', () => {
  expect(guestResolvConf(names)).toBe('nameserver 10.209.16.1\nsearch berth\n');
});
