import type { BindMount, GuestDevice } from '../../../server/guest/isolation-schema.ts';
import type { IoLimit } from '../../../server/guest/limits-schema.ts';
import type { GuestInit, GuestIsolation } from '../../../server/guest/schema.ts';
import { formatBytesExact, shellQuote } from '../../_ui/index.ts';

/** Bytes as they are typed: `512 MiB`, `0 B`. */
export function sizeText(bytes: number): string {
  return bytes === 0 ? '0 B' : formatBytesExact(bytes);
}

/** `/srv/data read-only, idmapped`. */
export function mountText(mount: BindMount): string {
  const words = [
    mount.readOnly ? 'read-only' : 'read-write',
    mount.idmap && 'idmapped',
    mount.recursive && 'recursive',
    mount.propagation !== 'private' && mount.propagation,
  ].filter(Boolean);
  return `${mount.source} ${words.join(', ')}`;
}

/** `rw 0660 0:0 as /dev/net/tun`. */
export function deviceText(device: GuestDevice): string {
  const owner = `${device.uid}:${device.gid}`;
  const place = device.target === null || device.target === device.source ? '' : ` as ${device.target}`;
  return `${device.access} ${modeText(device.mode)} ${owner}${place}`;
}

/** Permission bits as chmod(1) takes them: `0660`. */
export function modeText(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** `1024 of at most 4096`. */
export function rlimitText({ soft, hard }: { soft: number | null; hard: number | null }): string {
  const text = (value: number | null) => (value === null ? 'unlimited' : String(value));
  return `${text(soft)} of at most ${text(hard)}`;
}

/** `inside 0 to 65535 is outside 100000 to 165535`. */
export function idRangeText({ inside, outside, count }: { inside: number; outside: number; count: number }) {
  return count === 1
    ? `${inside} is ${outside} on the host`
    : `${inside} to ${inside + count - 1} are ${outside} to ${outside + count - 1} on the host`;
}

/** `poststart /usr/bin/notify --now, 10 s`. */
export function hookText(hook: GuestInit['hooks'][number]): string {
  const words = [hook.path, ...hook.args].map(shellQuote).join(' ');
  const env = hook.env.length > 0 ? `, with ${hook.env.join(' ')}` : '';
  return `${hook.stage} ${words}, at most ${hook.timeoutMs / 1000} s${env}`;
}

/** `reads 10 MiB/s, writes 100 operations/s`. */
export function ioText(io: IoLimit): string {
  const words = [
    io.readBytes !== null && `reads ${sizeText(io.readBytes)}/s`,
    io.writeBytes !== null && `writes ${sizeText(io.writeBytes)}/s`,
    io.readOps !== null && `${io.readOps} reads/s`,
    io.writeOps !== null && `${io.writeOps} writes/s`,
  ].filter(Boolean);
  return words.join(', ') || 'unlimited';
}

/** What a seccomp setting is, short enough for a row. */
export function seccompText(seccomp: GuestIsolation['seccomp']): string {
  if (!('profile' in seccomp)) return seccomp.mode;
  const { syscalls, defaultAction } = seccomp.profile;
  if (!defaultAction) return 'own profile';
  const rules = syscalls?.length ?? 0;
  return `own profile, ${rules} rules, otherwise ${defaultAction}`;
}
