import { Document, isScalar } from 'yaml';
import type { GuestView } from './schema.ts';
import { withSizes } from './setting-paths-schema.ts';
import { formatSize } from './size-schema.ts';

/** Guests as YAML to make them again of: a document each, with all that can be set and nothing that only is. Pure. */
export function guestYaml(guests: readonly GuestView[]): string {
  return guests.map(documentOf).join('---\n');
}

function documentOf(guest: GuestView): string {
  const { name, project, kind, image, owner, tags, notes, contact, links, expires, atExpiry, fields } = guest;
  const { limits, isolation, init, command, stopTimeoutMs } = guest;
  const words = { owner, tags, notes, contact, links, expires, atExpiry, fields };
  const whole = { name, project, kind, image, ...words, limits, isolation, init, command, stopTimeoutMs };
  const document = new Document(
    withSizes(whole, [], (size) => (typeof size === 'number' ? formatSize(size) : size)),
    // One guest's list may be another's: each is written out.
    { aliasDuplicateObjects: false },
  );
  isolation.devices.forEach((_device, index) => {
    const mode: unknown = document.getIn(['isolation', 'devices', index, 'mode'], true);
    if (isScalar(mode)) mode.format = 'OCT';
  });
  return document.toString({ lineWidth: 0 });
}
