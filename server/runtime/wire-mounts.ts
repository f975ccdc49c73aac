import type { BindMount } from '../guest/isolation-schema.ts';
import type { HostDevice } from './find-devices.ts';

/** A word of the wire: what separates words is escaped (native/protocol/README.md). Pure. */
export function wireWord(text: string): string {
  if (text === '') return '-';
  if (text === '-') return '\\055';
  return text.replace(/[ \n\\]/g, (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

/** What a word of the wire stands for. Pure. */
export function plainWord(word: string): string {
  if (word === '-') return '';
  return word.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** The spec's `mount`. Devices of the host do not work through it: those are plugged in. Pure. */
export function mountValue(mount: BindMount): string {
  const options = [
    mount.readOnly ? 'ro' : 'rw',
    ...(mount.idmap ? ['idmap'] : []),
    ...(mount.recursive ? ['recursive'] : []),
    'nodev',
    ...(mount.propagation === 'private' ? [] : [mount.propagation]),
  ];
  return `${options.join(',')} ${wireWord(mount.source)} ${wireWord(mount.target)}`;
}

/** The spec's `guest_device`. Pure. */
export function deviceValue(device: HostDevice): string {
  const { type, major, minor, access, source, target, mode, uid, gid } = device;
  return `${type} ${major}:${minor} ${access} ${wireWord(source)} ${wireWord(target)} ${mode.toString(8)} ${uid} ${gid}`;
}
