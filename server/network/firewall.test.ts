import { expect, test } from 'vitest';
import { dropScript, forgetGuestScript, guestScript, linkOf, networkScript } from './firewall.ts';

const names = {
  bridge: 'berth1',
  nftTable: 'berth1',
  linkPrefix: 'bv1-',
  ipv4: '10.209.16.0/20',
  ipv6: 'fdab:1:2:1::/64',
};
const guest = { lease: 2, mac: '02:00:5e:00:00:02' };

test('every script touches the tables of its instance and no other', () => {
  const scripts = [
    networkScript(names),
    guestScript(names, guest),
    forgetGuestScript(names, 2),
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
  const script = guestScript(names, guest);
  const at = (text: string) => {
    expect(script).toContain(text);
    return script.indexOf(text);
  };
  expect(at('ether saddr != 02:00:5e:00:00:02 drop')).toBeLessThan(at('accept'));
  expect(at('nd-router-advert, nd-redirect } drop')).toBeLessThan(at('ip6 saddr { fdab:1:2:1::2, fe80::'));
  expect(at('nd-neighbor-advert @th,64,128 !=')).toBeLessThan(at('ip6 saddr { fdab:1:2:1::2, fe80::'));
  expect(script.trimEnd().split('\n').slice(-4)[0]?.trim()).toBe('drop');
});

test('what no guest’s walls know is dropped', () => {
  const rules = networkScript(names)
    .split('\n')
    .filter((line) => line.startsWith('add rule'));
  expect(rules.at(-1)).toBe('add rule bridge berth1 prerouting drop');
});

test('the longest link name fits the kernel', () => {
  expect(linkOf({ linkPrefix: 'bv11-' }, 4094).length).toBeLessThanOrEqual(15);
});
