import { z } from 'zod';
import { suggestion } from '../errors/nearest.ts';
import { CAPABILITIES } from './capability-schema.ts';

/** One of a list of words; another one is told with the nearest. */
function oneOf<const Word extends string>(what: string, words: readonly [Word, ...Word[]]) {
  return z.enum(words, {
    error: ({ input }) => {
      const text = String(input).slice(0, 60);
      return `there is no ${what} ${text}${suggestion(text, words) || `: it is one of ${words.join(', ')}`}`;
    },
  });
}

const OPERATORS = [
  'SCMP_CMP_NE',
  'SCMP_CMP_LT',
  'SCMP_CMP_LE',
  'SCMP_CMP_EQ',
  'SCMP_CMP_GE',
  'SCMP_CMP_GT',
  'SCMP_CMP_MASKED_EQ',
] as const;

const ACTIONS = [
  'SCMP_ACT_ALLOW',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_LOG',
  'SCMP_ACT_TRAP',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_NOTIFY',
] as const;

const ARCHITECTURES = [
  'SCMP_ARCH_X86_64',
  'SCMP_ARCH_X86',
  'SCMP_ARCH_X32',
  'SCMP_ARCH_AARCH64',
  'SCMP_ARCH_ARM',
  'SCMP_ARCH_LOONGARCH64',
  'SCMP_ARCH_MIPS',
  'SCMP_ARCH_MIPS64',
  'SCMP_ARCH_MIPS64N32',
  'SCMP_ARCH_MIPSEL',
  'SCMP_ARCH_MIPSEL64',
  'SCMP_ARCH_MIPSEL64N32',
  'SCMP_ARCH_PARISC',
  'SCMP_ARCH_PARISC64',
  'SCMP_ARCH_PPC',
  'SCMP_ARCH_PPC64',
  'SCMP_ARCH_PPC64LE',
  'SCMP_ARCH_RISCV64',
  'SCMP_ARCH_S390',
  'SCMP_ARCH_S390X',
] as const;

const FLAGS = [
  'SECCOMP_FILTER_FLAG_TSYNC',
  'SECCOMP_FILTER_FLAG_LOG',
  'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
  'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
] as const;

const action = oneOf('action', ACTIONS).refine((name) => name !== 'SCMP_ACT_NOTIFY', {
  error:
    'SCMP_ACT_NOTIFY needs a program that answers for each call, which Berth has none of: use SCMP_ACT_ERRNO or SCMP_ACT_LOG',
});
const architecture = oneOf('architecture', ARCHITECTURES);
const errnoRet = z.number().int().min(0).max(4095, 'an errno is 0 to 4095').nullable();
/** Numbers of JSON are exact up to 2^53: what is not would compare with another value than the one written. */
const argumentValue = z
  .int('a value to compare with is a whole number of at most 9007199254740991, which JSON can say exactly')
  .min(0, 'a value to compare with is not negative');

const argument = z.strictObject({
  index: z.number().int().min(0).max(5, 'a system call has the arguments 0 to 5'),
  value: argumentValue,
  valueTwo: argumentValue.nullish(),
  op: oneOf('comparison', OPERATORS),
});

const condition = z.strictObject({
  /** As Go names them: `amd64`, `x86`, `x32`, `arm64`. */
  arches: z.array(z.string().max(32)).max(64).nullish(),
  caps: z
    .array(
      z
        .string()
        .max(40)
        .refine((name) => CAPABILITIES.some((known) => `CAP_${known.toUpperCase()}` === name), {
          error: ({ input }) => `there is no capability ${input}: it is named as CAP_SYS_ADMIN`,
        }),
    )
    .max(64)
    .nullish(),
  /** `4.8`. */
  minKernel: z
    .string()
    .regex(/^\d{1,3}\.\d{1,4}$/, 'a kernel is named as 4.8')
    .nullish(),
});
export type SeccompCondition = z.infer<typeof condition>;

const callName = z
  .string()
  .max(64)
  .regex(/^_?[a-z][a-z0-9_]*$/, 'a system call is named as openat2');

const rule = z
  .strictObject({
    names: z.array(callName).min(1, 'a rule names at least one system call').max(1024).optional(),
    /** The form of old profiles. */
    name: callName.optional(),
    action,
    errnoRet: errnoRet.optional(),
    args: z.array(argument).max(64).nullish(),
    comment: z.string().max(4096).optional(),
    includes: condition.nullish(),
    excludes: condition.nullish(),
  })
  .refine(({ name, names }) => (name === undefined) !== (names === undefined), {
    error: 'a rule has either names or name',
    path: ['names'],
  });
export type SeccompRule = z.infer<typeof rule>;

const refusedKey = (why: string) => z.undefined({ error: why }).optional();

/**
 * An OCI seccomp profile: linux.seccomp of the runtime specification, with what Docker's and podman's files have beside
 * (archMap, includes, excludes). Sizes are bounded, and keys that Berth does not know are errors: what would be dropped
 * silently might have been a wall.
 */
export const ociSeccomp = z
  .strictObject({
    defaultAction: action,
    defaultErrnoRet: errnoRet.optional(),
    architectures: z.array(architecture).max(32).nullish(),
    archMap: z
      .array(
        z.strictObject({
          architecture,
          subArchitectures: z.array(architecture).max(8).nullish(),
        }),
      )
      .max(32)
      .nullish(),
    flags: z.array(oneOf('flag', FLAGS)).max(8).nullish(),
    listenerPath: refusedKey('listenerPath is for SCMP_ACT_NOTIFY, which Berth does not have'),
    listenerMetadata: refusedKey('listenerMetadata is for SCMP_ACT_NOTIFY, which Berth does not have'),
    syscalls: z.array(rule).max(1024, 'a profile has at most 1,024 rules').nullish(),
  })
  .refine(({ architectures, archMap }) => !(architectures?.length && archMap?.length), {
    error: 'a profile has either architectures or archMap',
    path: ['archMap'],
  })
  .refine(({ syscalls }) => countNames(syscalls) <= 8192, {
    error: 'a profile names at most 8,192 system calls in all its rules',
    path: ['syscalls'],
  });
export type OciSeccomp = z.infer<typeof ociSeccomp>;

function countNames(rules: readonly { names?: string[] | undefined }[] | null | undefined): number {
  return (rules ?? []).reduce((sum, { names }) => sum + (names?.length ?? 1), 0);
}
