import type { z } from 'zod';
import type { DescribeGuestInput } from '../../../server/guest/record-schema.ts';
import type { configureGuestInput, GuestView } from '../../../server/guest/schema.ts';
import { type GuestConfig, sameValue } from '../settings/index.ts';

export type ConfigureInput = Omit<z.infer<typeof configureGuestInput>, 'guest'>;

/** What of a guest can be changed while it exists, as it is now. */
export function configOf(guest: GuestView): GuestConfig {
  const { limits, isolation, init, command, stopTimeoutMs, alwaysRecorded } = guest;
  const { owner, tags, notes, contact, links, expires, atExpiry, fields } = guest;
  return {
    ...{ limits, isolation, init, command, stopTimeoutMs, alwaysRecorded },
    ...{ owner, tags, notes, contact, links, expires, atExpiry, fields },
  };
}

/** Only what differs, as `guest.configure` takes it: limits one by one, isolation and init part by part. */
export function configureInput(before: GuestConfig, after: GuestConfig): ConfigureInput {
  const limits = differing(before.limits, after.limits);
  const isolation = differing(before.isolation, after.isolation);
  const init = differing(before.init, after.init);
  return {
    ...(limits && { limits }),
    ...(isolation && { isolation }),
    ...(init && { init }),
    ...(!sameValue(before.command, after.command) && { command: after.command }),
    ...(before.stopTimeoutMs !== after.stopTimeoutMs && { stopTimeoutMs: after.stopTimeoutMs }),
  };
}

/** What differs of what people write, as `guest.describe` takes it; null when nothing does. */
export function describeInput(
  before: GuestConfig,
  after: GuestConfig,
): Omit<DescribeGuestInput, 'guest'> | null {
  const addTags = after.tags.filter((tag) => !before.tags.includes(tag));
  const removeTags = before.tags.filter((tag) => !after.tags.includes(tag));
  const input = {
    ...(addTags.length > 0 && { addTags }),
    ...(removeTags.length > 0 && { removeTags }),
    ...(before.notes !== after.notes && { notes: after.notes }),
    ...(before.owner !== after.owner && { owner: after.owner }),
    ...(before.contact !== after.contact && { contact: after.contact }),
    ...linkInput(before, after),
    ...(before.expires !== after.expires && { expires: after.expires }),
    ...(before.atExpiry !== after.atExpiry && { atExpiry: after.atExpiry }),
    ...fieldInput(before.fields, after.fields),
  };
  return Object.keys(input).length > 0 ? input : null;
}

function linkInput(
  before: GuestConfig,
  after: GuestConfig,
): Pick<DescribeGuestInput, 'addLinks' | 'removeLinks'> {
  const addLinks = after.links.filter((link) => !before.links.some((one) => sameValue(one, link)));
  const removeLinks = before.links
    .map(({ url }) => url)
    .filter((url) => !after.links.some((one) => one.url === url));
  return {
    ...(addLinks.length > 0 && { addLinks }),
    ...(removeLinks.length > 0 && { removeLinks }),
  };
}

function fieldInput(
  before: GuestConfig['fields'],
  after: GuestConfig['fields'],
): Pick<DescribeGuestInput, 'setFields'> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => before[name] !== after[name]);
  if (changed.length === 0) return {};
  return { setFields: Object.fromEntries(changed.map((name) => [name, after[name] ?? null])) };
}

/** Whether to always record it, as `recording.setPolicy` takes it; null when that stays. */
export function recordInput(before: GuestConfig, after: GuestConfig): { always: boolean } | null {
  return before.alwaysRecorded === after.alwaysRecorded ? null : { always: after.alwaysRecorded };
}

/** The parts of `after` that are not as in `before`; null when all are. */
function differing<Section extends object>(before: Section, after: Section): Partial<Section> | null {
  const parts: Partial<Section> = {};
  for (const key of Object.keys(after) as (keyof Section)[]) {
    if (!sameValue(before[key], after[key])) parts[key] = after[key];
  }
  return Object.keys(parts).length > 0 ? parts : null;
}
