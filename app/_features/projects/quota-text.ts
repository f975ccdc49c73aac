import type { ProjectQuotas, QuotaName } from '../../../server/project/schema.ts';
import { formatBytes, formatCores, parseBytes } from '../../_ui/index.ts';

/** How each quota is called, written and read. */
export const QUOTA_TEXTS: Record<
  QuotaName,
  { label: string; hint: string; format: (value: number) => string; parse: (text: string) => number }
> = {
  guests: { label: 'Guests', hint: 'How many.', format: String, parse: Number },
  cpu: { label: 'CPU', hint: 'Cores, the sum of all limits.', format: formatCores, parse: Number },
  memory: { label: 'Memory', hint: 'The sum of all limits.', format: formatBytes, parse: parseBytes },
  disk: {
    label: 'Disk',
    hint: 'What guests have written. No wall: when it is full, none is made or started.',
    format: formatBytes,
    parse: parseBytes,
  },
  addresses: { label: 'Addresses', hint: 'In the managed network.', format: String, parse: Number },
};

export type QuotaDraft = Record<QuotaName, string>;

/** Quotas as they are typed; empty is none. Pure. */
export function draftOf(quotas: ProjectQuotas): QuotaDraft {
  const text = (name: QuotaName) => {
    const value = quotas[name];
    return value === null ? '' : QUOTA_TEXTS[name].format(value);
  };
  return {
    guests: text('guests'),
    cpu: text('cpu'),
    memory: text('memory'),
    disk: text('disk'),
    addresses: text('addresses'),
  };
}

/** What was changed in a draft, or which field says nothing that can be read. What was left as it was keeps its exact value. Pure. */
export function readDraft(
  draft: QuotaDraft,
  before: ProjectQuotas,
): { quotas: Partial<ProjectQuotas> } | { wrong: QuotaName } {
  const shown = draftOf(before);
  const quotas: Partial<ProjectQuotas> = {};
  for (const [name, { parse }] of Object.entries(QUOTA_TEXTS) as [
    QuotaName,
    (typeof QUOTA_TEXTS)[QuotaName],
  ][]) {
    const text = draft[name].trim();
    if (text === shown[name]) continue;
    const value = text === '' ? null : parse(text);
    if (value !== null && !(value >= 0)) return { wrong: name };
    quotas[name] = value;
  }
  return { quotas };
}
