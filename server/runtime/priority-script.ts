/** What goes into a script is made by us or checked here. */
function checked(value: string, shape: RegExp): string {
  if (!shape.test(value)) throw new Error(`${JSON.stringify(value)} cannot be in a firewall script`);
  return value;
}

/**
 * Linux's own meaning of a packet's priority (tc-prio(8), priomap): of three bands the first is sent first. 0 to 2 stand
 * behind others, 3 to 5 among them, 6 and 7 before them, each by a number of its own.
 */
const KERNEL_PRIORITIES = [1, 2, 3, 0, 4, 8, 6, 7];

/** A guest on the managed network: addresses without prefix length. */
export interface RankedGuest {
  /** Names what belongs to it in the table: letters and digits. */
  key: string;
  ipv4: string;
  ipv6: string;
}

/**
 * Give what a guest sends out of the host a priority from 0 to 7, or null: none any more. In the instance's own table, as
 * routing sets a packet's priority anew and net_cls, the cgroup of v1 that could do it, is seldom mounted (network-class.ts). Applied again
 * it changes nothing. Pure.
 */
export function priorityScript(
  names: { nftTable: string; bridge: string },
  guest: RankedGuest,
  priority: number | null,
): string {
  const table = checked(names.nftTable, /^[a-z0-9_]+$/);
  const bridge = checked(names.bridge, /^[a-z0-9-]{1,15}$/);
  const chain = `rank${checked(guest.key, /^[a-zA-Z0-9]+$/)}`;
  const elements = [
    `inet ${table} ranks4 { ${checked(guest.ipv4, /^[0-9.]+$/)} : jump ${chain} }`,
    `inet ${table} ranks6 { ${checked(guest.ipv6, /^[0-9a-f:]+$/)} : jump ${chain} }`,
  ];
  const lines = [
    `add table inet ${table}`,
    `add map inet ${table} ranks4 { type ipv4_addr : verdict; }`,
    `add map inet ${table} ranks6 { type ipv6_addr : verdict; }`,
    `add chain inet ${table} ranking { type filter hook forward priority mangle; policy accept; }`,
    `flush chain inet ${table} ranking`,
    `add rule inet ${table} ranking iifname "${bridge}" ip saddr vmap @ranks4`,
    `add rule inet ${table} ranking iifname "${bridge}" ip6 saddr vmap @ranks6`,
    `add chain inet ${table} ${chain}`,
    `flush chain inet ${table} ${chain}`,
    // Added before it is deleted: what is not there cannot be.
    ...elements.map((element) => `add element ${element}`),
  ];
  if (priority === null) {
    lines.push(
      ...elements.map((element) => `delete element ${element}`),
      `delete chain inet ${table} ${chain}`,
    );
  } else {
    lines.push(`add rule inet ${table} ${chain} meta priority set 0:${KERNEL_PRIORITIES[priority] ?? 0}`);
  }
  return `${lines.join('\n')}\n`;
}
