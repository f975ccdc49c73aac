import { z } from 'zod';
import { type ProjectRecording, projectRecording } from '../recording/schema.ts';
import { type FieldDefinition, fieldDefinitions } from './field-schema.ts';

/** Guests that nobody has given a project. */
export const DEFAULT_PROJECT = 'default';

export const projectName = z
  .string()
  .min(2, 'a project has a name of at least 2 characters')
  .max(32, 'a project has a name of at most 32 characters')
  .regex(/^[a-z][a-z0-9-]*$/, 'a project is named with lower-case letters, digits and hyphens');

/** Names one that may not be there. */
export const projectText = z.string().min(1, 'name a project').max(32);
export const projectRef = z.object({ project: projectText });

const count = (what: string) =>
  z
    .number({ error: `${what} is a number` })
    .int(`${what} is a whole number`)
    .min(0, `${what} cannot be negative`)
    .max(1_000_000, `${what} is at most 1000000`)
    .nullable();
const bytes = (what: string) =>
  z
    .number({ error: `${what} is a number of bytes` })
    .int(`${what} is a whole number of bytes`)
    .min(0, `${what} cannot be negative`)
    .max(Number.MAX_SAFE_INTEGER)
    .nullable();

/** How much the guests of a project may be and have in all, running or not; null is as much as they like. */
export const projectQuotas = z.strictObject({
  guests: count('guests'),
  /** Cores: the sum of their limits. */
  cpu: z
    .number({ error: 'cpu is a number of cores, such as 1.5' })
    .min(0, 'cpu cannot be negative')
    .max(1_000_000, 'cpu is at most 1000000')
    .nullable(),
  /** Bytes: the sum of their limits, huge pages too; swap is not in it. */
  memory: bytes('memory'),
  /** Bytes that they have written, as measured. */
  disk: bytes('disk'),
  /** Leases in the managed network. */
  addresses: count('addresses'),
});
export type ProjectQuotas = z.infer<typeof projectQuotas>;
export type QuotaName = keyof ProjectQuotas;
export const QUOTA_NAMES = ['guests', 'cpu', 'memory', 'disk', 'addresses'] as const satisfies QuotaName[];

export const NO_QUOTAS: ProjectQuotas = {
  guests: null,
  cpu: null,
  memory: null,
  disk: null,
  addresses: null,
};

/** That the terminals of its guests are always recorded: what is left out stays, or is as for all. Null: they are not. */
const recordingInput = projectRecording.partial().nullable().optional();
const about = z.string().trim().max(200, 'what a project is for has at most 200 characters');
export const createProjectInput = z.object({
  name: projectName,
  about: about.default(''),
  quotas: projectQuotas.partial().optional(),
  fields: fieldDefinitions.optional(),
  recording: recordingInput,
});
export const setProjectInput = projectRef.extend({
  about: about.optional(),
  /** Those that are given; null takes one away. What is used already may be more: then nothing more is given. */
  quotas: projectQuotas.partial().optional(),
  /** All of them, in their order. Values that guests have of one that goes stay with them. */
  fields: fieldDefinitions.optional(),
  recording: recordingInput,
});

/** What the guests of a project have now; `disk` is null where nobody has measured it. */
export type ProjectUse = Record<Exclude<QuotaName, 'disk'>, number> & { disk: number | null };

export interface ProjectView {
  name: string;
  about: string;
  quotas: ProjectQuotas;
  use: ProjectUse;
  /** What its guests have beside what all have. */
  fields: FieldDefinition[];
  /** Terminals of its guests are always recorded; null: where somebody asks for it. */
  recording: ProjectRecording | null;
  createdAt: string;
  createdBy: string;
}
