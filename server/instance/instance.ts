/**
 * One Berth on a host. Several live beside each other without meeting: every name that is visible on the
 * host follows from the slot, which the instance claims once for its data folder (claim-slot.ts).
 */
export interface Instance {
  /** 0 to SLOTS - 1. */
  slot: number;
  /** Random, made with the data folder: proves that a claim is still this folder's. */
  id: string;
  /** What is kept: database, images, guests' own layers. */
  dataDir: string;
  /** What is gone with a reboot: sockets, pids, consoles. `/run/berth/<slot>`. */
  runDir: string;
  /** Root only (0600): who reaches it is root on this host. */
  adminSocket: string;
  /** For the web process's user: every call needs a session. */
  webSocket: string;
  /** The folder of our own in each cgroup hierarchy. */
  cgroup: string;
  bridge: string;
  nftTable: string;
  /** Host ends of guests' links start with it; 11 characters of IFNAMSIZ's 15 are left for the guest. */
  linkPrefix: string;
  /** And so do the links that shape what they send (`shaperOf` of native/lib/network.ts). */
  shaperPrefix: string;
  /** First host uid and gid of the instance; guest number n has idBase + n * 65536 onwards. */
  idBase: number;
  /** How many guests' ranges the instance owns. */
  idRanges: number;
  /** The managed network: CIDR; the first address is the bridge's. */
  ipv4: string;
  /** A /64 out of a random ULA prefix (RFC 4193). */
  ipv6: string;
}

export const SLOTS = 12;
export const IDS_PER_GUEST = 65_536;
const RANGES_PER_SLOT = 2048;
/** Above Debian's and systemd's own dynamic ranges, below 2^31 (systemd.io/UIDS-GIDS: 524288 to 1879048191 is for containers). */
const FIRST_ID = 0x1000_0000;

/** What an instance is called everywhere on the host. Pure: the same arguments give the same names. */
export function instanceOf(claim: { slot: number; id: string; dataDir: string }): Instance {
  const { slot, id, dataDir } = claim;
  const runDir = `/run/berth/${slot}`;
  return {
    slot,
    id,
    dataDir,
    runDir,
    adminSocket: `${runDir}/admin.sock`,
    webSocket: `${runDir}/web/server.sock`,
    cgroup: `berth${slot}`,
    bridge: `berth${slot}`,
    nftTable: `berth${slot}`,
    linkPrefix: `bv${slot}-`,
    shaperPrefix: `bi${slot}-`,
    idBase: FIRST_ID + slot * RANGES_PER_SLOT * IDS_PER_GUEST,
    idRanges: RANGES_PER_SLOT,
    ipv4: `10.209.${slot * 16}.0/20`,
    ipv6: `${ulaPrefix(id, slot)}::/64`,
  };
}

/** Those of these links of the host that are some guest's in this instance, or were: both ends on the host and shapers. Pure. */
export function guestLinks(
  { linkPrefix, shaperPrefix }: Pick<Instance, 'linkPrefix' | 'shaperPrefix'>,
  links: readonly string[],
): string[] {
  return links.filter((link) => link.startsWith(linkPrefix) || link.startsWith(shaperPrefix));
}

/** Of RFC 4193, out of the instance's random id; written as RFC 5952 asks, so that it is the text that tools print. */
function ulaPrefix(id: string, slot: number): string {
  const groups = [`fd${id.slice(0, 2)}`, id.slice(2, 6), id.slice(6, 10), slot.toString(16)];
  const written = groups.map((group) => Number.parseInt(group, 16).toString(16));
  return (slot === 0 ? written.slice(0, 3) : written).join(':');
}
