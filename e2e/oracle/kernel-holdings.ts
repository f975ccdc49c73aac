import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { z } from 'zod';

const object = z.object({ family: z.string(), table: z.string(), name: z.string() });
/** A key of several parts, as `nft --json` writes it. */
const concatenation = z.object({ concat: z.array(z.union([z.string(), z.number()])) });
const ruleset = z.object({
  nftables: z.array(
    z.looseObject({
      chain: object.optional(),
      map: object.optional(),
      set: object.extend({ elem: z.array(z.unknown()).optional() }).optional(),
    }),
  ),
});

/** Chains, sets and their elements, and maps in the tables of every instance: `bridge berth3 element macs bv3-2 02:00:5e:00:00:02`. */
export function firewallObjects(): string[] {
  const text = execFileSync('nft', ['--json', 'list', 'ruleset'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const ours = ({ table }: { table: string }) => /^berth\d+$/.test(table);
  return ruleset
    .parse(JSON.parse(text))
    .nftables.flatMap(({ chain, map, set }) => [
      ...[chain].flatMap((one) => (one && ours(one) ? [`${one.family} ${one.table} chain ${one.name}`] : [])),
      ...[map].flatMap((one) => (one && ours(one) ? [`${one.family} ${one.table} map ${one.name}`] : [])),
      ...[set].flatMap((one) =>
        one && ours(one)
          ? [`${one.family} ${one.table} set ${one.name}`, ...(one.elem ?? []).map(elementOf(one))]
          : [],
      ),
    ]);
}

function elementOf({ family, table, name }: z.infer<typeof object>): (element: unknown) => string {
  return (element) => {
    const parts = concatenation.safeParse(element);
    return `${family} ${table} element ${name} ${parts.success ? parts.data.concat.join(' ') : JSON.stringify(element)}`;
  };
}

/** Loop devices with what they stand for. */
export function loopDevices(): string[] {
  return listed('/sys/block')
    .filter((name) => name.startsWith('loop'))
    .flatMap((name) => {
      const file = contents(`/sys/block/${name}/loop/backing_file`).trim();
      return file === '' ? [] : [`${name} ${file}`];
    });
}

/** What is mounted out of an instance's folders in any mount namespace of this host but our own, each once. */
export function mountsOfGuests(): string[] {
  const own = linkOf('/proc/self/ns/mnt');
  const seen = new Set([own]);
  const found = new Set<string>();
  for (const pid of pids()) {
    const namespace = linkOf(`/proc/${pid}/ns/mnt`);
    if (namespace === '' || seen.has(namespace)) continue;
    seen.add(namespace);
    for (const line of contents(`/proc/${pid}/mountinfo`).split('\n')) {
      const [, , , root = '', target = ''] = line.split(' ');
      if (/\/(berth[^/]*|run\/berth)\//.test(`${root}/ ${target}/`)) found.add(`${root} at ${target}`);
    }
  }
  return [...found];
}

/** Dead processes whose parent, one of ours, has not reaped them: `NAME of PARENT`. */
export function zombies(): string[] {
  return pids().flatMap((pid) => {
    const status = contents(`/proc/${pid}/status`);
    if (!/^State:\tZ/m.test(status)) return [];
    const parent = /^PPid:\t(\d+)/m.exec(status)?.[1] ?? '';
    const command = contents(`/proc/${parent}/cmdline`).replaceAll('\0', ' ').trim();
    const ours = /(^|\/)(supervisor|enter)( |$)|server\/main\.ts/.test(command);
    return ours ? [`${/^Name:\t(.*)/m.exec(status)?.[1]} of ${command.slice(0, 80)}`] : [];
  });
}

/** Numbers of all processes. */
export function pids(): string[] {
  return listed('/proc').filter((name) => /^\d+$/.test(name));
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Processes end while they are looked at: what is gone is empty. */
function contents(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
