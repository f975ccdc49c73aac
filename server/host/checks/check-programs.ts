import type { HostCheck } from '../check-schema.ts';
import { type Probing, programOf } from './probing.ts';

interface Program {
  name: string;
  package: string;
  consequence: string;
}

const PROGRAMS: readonly Program[] = [
  { name: 'busybox', package: 'busybox-static', consequence: 'the image berth/mini cannot be built' },
  { name: 'mmdebstrap', package: 'mmdebstrap', consequence: 'images of Debian cannot be built' },
  { name: 'newuidmap', package: 'uidmap', consequence: 'images of Debian cannot be built' },
  {
    name: 'dnsmasq',
    package: 'dnsmasq-base',
    consequence: 'guests do not find each other, or anything, by name',
  },
  {
    name: 'nft',
    package: 'nftables',
    consequence: "the guests' firewall works without it, but people cannot look at it",
  },
  { name: 'criu', package: 'criu', consequence: 'guests cannot be checkpointed' },
];

/** Programs of others that Berth runs, and what is not there without them. */
export async function checkPrograms(probing: Probing): Promise<HostCheck[]> {
  return PROGRAMS.map(({ name, package: from, consequence }) => {
    const path = programOf(probing, name);
    return {
      id: `programs.${name}`,
      group: 'programs',
      name,
      required: false,
      state: path ? 'yes' : 'no',
      detail: path ?? `not installed; apt install ${from}`,
      consequence: path ? null : consequence,
    };
  });
}
