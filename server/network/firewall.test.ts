import { expect, test } from 'vitest';
import {
  dropScript,
  forgetGuestScript,
  guestScript,
  guestsScript,
  linkOf,
  networkScript,
} from './firewall.ts';

const names = {
  bridge: 'berth1',
  nftTable: 'berth1',
  linkPrefix: 'bv1-',
  ipv4: '10.209.16.0/20',
  ipv6: 'fdab:1:2:1::/64',
};
const guest = { lease: 2, mac: '02:00:5e:00:00:02' };
const bridge = { bridgeMac: '02:be:00:00:00:01' };

test('every script touches the tables of its instance and no other', () => {
  const scripts = [
    networkScript(names, bridge),
    guestScript(names, guest),
    guestsScript(names, [guest]),
    forgetGuestScript(names, guest),
    dropScript(names),
  ];
  for (const script of scripts) {
    const tables = [...script.matchAll(/\b(?:inet|bridge) (?!\{)(\w+)/g)].map(([, table]) => table);
    expect(tables.length).toBeGreaterThan(0);
    expect(new Set(tables)).toEqual(new Set(['berth1']));
    expect(script).not.toMatch(/flush ruleset|flush table/);
  }
});

test('a MAC or a link that is none never becomes syntax', () => {
  for (const mac of [
    '02:00:5e:00:00:02 accept',
    '02:00:5e:00:00:0g',
    '02-00-5e-00-00-02',
    '',
    'x\nflush ruleset',
  ]) {
    expect(() => guestScript(names, { lease: 2, mac }), JSON.stringify(mac)).toThrow(
      'cannot be in a firewall script',
    );
  }
  for (const linkPrefix of ['bv1" : accept, "', 'much-too-long-name-']) {
    expect(() => guestScript({ ...names, linkPrefix }, guest), linkPrefix).toThrow(
      'cannot be in a firewall script',
    );
  }
  expect(() => guestScript(names, { lease: 1.5, mac: guest.mac })).toThrow('lease 1.5');
});

test('lies about neighbours are dropped before anything of IPv6 is accepted', () => {
  const script = networkScript(names, bridge);
  const at = (text: string) => {
    expect(script).toContain(text);
    return script.indexOf(text);
  };
  const accepted = at('iifname . ip6 saddr @ipv6s accept');
  expect(at('iifname . ether saddr != @macs drop')).toBeLessThan(at('ether type arp'));
  expect(at('nd-router-advert, nd-redirect } drop')).toBeLessThan(accepted);
  expect(at('nd-neighbor-advert iifname . @th,64,128 != @neighbours drop')).toBeLessThan(accepted);
});

test('a guest’s walls are its own addresses', () => {
  expect(guestScript(names, guest).trimEnd().split('\n')).toEqual([
    'add element bridge berth1 macs { "bv1-2" . 02:00:5e:00:00:02 }',
    'add element bridge berth1 ipv4s { "bv1-2" . 10.209.16.2 }',
    'add element bridge berth1 ipv6s { "bv1-2" . fdab:1:2:1::2, "bv1-2" . fe80::0:5eff:fe00:2 }',
    'add element bridge berth1 neighbours { "bv1-2" . 0xfdab0001000200010000000000000002, "bv1-2" . 0xfe8000000000000000005efffe000002 }',
  ]);
});

test('what no guest’s walls know is dropped', () => {
  const [, rules = ''] = networkScript(names, bridge).split('chain prerouting {');
  expect(
    rules
      .split('\n')
      .filter((line) => line.startsWith('    '))
      .at(-1),
  ).toBe('    drop');
});

test('the longest link name fits the kernel', () => {
  expect(linkOf({ linkPrefix: 'bv11-' }, 4094).length).toBeLessThanOrEqual(15);
});
