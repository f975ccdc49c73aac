import { z } from 'zod';

/** What can be different from what the inventory says. */
export const DRIFT_KINDS = [
  'process',
  'cgroup',
  'link',
  'firewall',
  'mount',
  'folder',
  'run',
  'id-range',
  'address',
  'image',
  'volume',
  'console',
  'supervisor',
  'database',
  'file',
] as const;

/** One difference between what Berth has written down and what this host has. */
export const drift = z.object({
  kind: z.enum(DRIFT_KINDS),
  /** What it is about: `guest NAME`, `volume NAME`, `image NAME`, or what is nobody's by its own name (a path, a link). */
  subject: z.string(),
  /** What is wrong, for a person: lower case, no full stop. */
  problem: z.string(),
  /** What puts it right: a command or an act. */
  remedy: z.string(),
  /** Whether `berth doctor --mend` does the remedy by itself. */
  mendable: z.boolean(),
});
export type Drift = z.infer<typeof drift>;

/** A drift as it was found, by a name that stays while it is there. */
export const finding = drift.extend({ id: z.string() });
export type Finding = z.infer<typeof finding>;

export interface DoctorReport {
  /** ISO 8601. */
  at: string;
  findings: Finding[];
  /** What was looked at, in words. */
  looked: string[];
  /** What could not be looked at, and why. */
  skipped: { what: string; why: string }[];
}

export const mendInput = z.object({
  /** Of these findings and no others; all that can be, when it is left out. */
  ids: z.array(z.string().max(300)).max(10_000).optional(),
});

export interface MendReport {
  mended: Finding[];
  /** Why it could not be mended. */
  failed: { finding: Finding; why: string }[];
  /** As it is afterwards. */
  after: DoctorReport;
}
