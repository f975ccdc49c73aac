import type { OciSeccomp, SeccompCondition, SeccompRule } from '../guest/seccomp-schema.ts';
import { multiplexerLines } from './seccomp-multiplexers.ts';

/** What a profile's conditions are held against. */
export interface SeccompHost {
  /** As Node names it: `x64`, `arm64`. */
  architecture: string;
  /** `uname -r`. */
  kernel: string;
  /** Of the guest's bounding set, as the kernel names them in lower case: `sys_admin`. */
  capabilities: readonly string[];
}

/** A profile in the words of seccomp-compile, and what of it cannot be done as it says. */
export interface SeccompList {
  text: string;
  warnings: string[];
}

/** EPERM, the errno of SCMP_ACT_ERRNO where none is said, as runc has it. */
const EPERM = 1;

/** libseccomp's architectures as the compile tool names them, and those that this machine has besides its own. */
const ABIS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  x64: { SCMP_ARCH_X86_64: 'x86_64', SCMP_ARCH_X86: 'x86' },
  arm64: { SCMP_ARCH_AARCH64: 'aarch64', SCMP_ARCH_ARM: 'arm' },
};
/** As Go, and so Docker's includes and excludes, name Node's architectures. */
const GO_NAMES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

const OPERATORS = {
  SCMP_CMP_NE: '!=',
  SCMP_CMP_LT: '<',
  SCMP_CMP_LE: '<=',
  SCMP_CMP_EQ: '==',
  SCMP_CMP_GE: '>=',
  SCMP_CMP_GT: '>',
} as const;

/**
 * An OCI profile as a list for seccomp-compile (native/protocol/seccomp/common.txt), for this host and guest: rules whose
 * `includes` and `excludes` do not fit are left out. As in runc, two conditions on one argument are alternatives, and calls newer
 * than all that the profile names are ENOSYS, so that a C library goes back to the older one. Other ABIs than the profile's, and
 * x32, stay refused, as do keystrokes pushed into terminals. Pure.
 */
export function seccompList(profile: OciSeccomp, host: SeccompHost): SeccompList {
  const warnings = flagWarnings(profile);
  const lines = [
    `default ${actionWords(profile.defaultAction, profile.defaultErrnoRet)}`,
    `abi ${abisOf(profile, host, warnings).join(' ')}`,
    'never EPERM ioctl arg1 0x5412 0x541c',
  ];
  const errno = profile.defaultErrnoRet ?? EPERM;
  if (profile.defaultAction === 'SCMP_ACT_ERRNO' && errno === EPERM) lines.push('newer-unknown');
  const rules = (profile.syscalls ?? []).filter((rule) => applies(rule, host));
  const conditional = rules.filter(({ args }) => args && args.length > 0).flatMap(namesOf);
  lines.push(...multiplexerLines(conditional), ...rules.flatMap(ruleLines));
  return { text: `${lines.join('\n')}\n`, warnings };
}

function namesOf({ name, names }: SeccompRule): string[] {
  return names ?? (name === undefined ? [] : [name]);
}

function ruleLines(rule: SeccompRule): string[] {
  const words = `rule ${actionWords(rule.action, rule.errnoRet)}`;
  const alternatives = alternativesOf(rule);
  return namesOf(rule).flatMap((name) =>
    alternatives.map((condition) => `${words} ${name}${condition === '' ? '' : ` if ${condition}`}`),
  );
}

/** Conditions hold together, unless two look at one argument: then each stands alone. */
function alternativesOf({ args }: SeccompRule): string[] {
  const conditions = (args ?? []).map(({ index, op, value, valueTwo }) =>
    op === 'SCMP_CMP_MASKED_EQ'
      ? `arg${index} & ${value} == ${valueTwo ?? 0}`
      : `arg${index} ${OPERATORS[op]} ${value}`,
  );
  const looked = new Set((args ?? []).map(({ index }) => index));
  return looked.size < conditions.length ? conditions : [conditions.join(' && ')];
}

function actionWords(action: OciSeccomp['defaultAction'], value: number | null | undefined): string {
  switch (action) {
    case 'SCMP_ACT_ALLOW':
      return 'allow';
    case 'SCMP_ACT_LOG':
      return 'log';
    case 'SCMP_ACT_TRAP':
      return 'trap';
    case 'SCMP_ACT_ERRNO':
      return `errno ${value ?? EPERM}`;
    case 'SCMP_ACT_TRACE':
      return `trace ${value ?? EPERM}`;
    case 'SCMP_ACT_KILL_PROCESS':
      return 'kill_process';
    case 'SCMP_ACT_KILL':
    case 'SCMP_ACT_KILL_THREAD':
      return 'kill_thread';
  }
}

/** The machine's own ABI is always among them: a guest without it could not even start. */
function abisOf(profile: OciSeccomp, host: SeccompHost, warnings: string[]): string[] {
  const here = ABIS[host.architecture] ?? {};
  const [own = ''] = Object.keys(here);
  const mapped = profile.archMap?.find(({ architecture }) => architecture === own);
  const asked = new Set([
    own,
    ...(profile.architectures ?? []),
    ...(mapped ? (mapped.subArchitectures ?? []) : []),
  ]);
  if (asked.has('SCMP_ARCH_X32')) {
    warnings.push('system calls of the x32 ABI stay refused, though the profile has SCMP_ARCH_X32');
  }
  return Object.entries(here).flatMap(([name, abi]) => (asked.has(name) ? [abi] : []));
}

function applies({ includes, excludes }: SeccompRule, host: SeccompHost): boolean {
  if (excludes && anyHolds(excludes, host)) return false;
  return !includes || allHold(includes, host);
}

function anyHolds({ arches, caps, minKernel }: SeccompCondition, host: SeccompHost): boolean {
  return (
    (arches ?? []).includes(GO_NAMES[host.architecture] ?? '') ||
    (caps ?? []).some((name) => hasCapability(host, name)) ||
    (minKernel != null && isAtLeast(host.kernel, minKernel))
  );
}

function allHold({ arches, caps, minKernel }: SeccompCondition, host: SeccompHost): boolean {
  return (
    (!arches?.length || arches.includes(GO_NAMES[host.architecture] ?? '')) &&
    (caps ?? []).every((name) => hasCapability(host, name)) &&
    (minKernel == null || isAtLeast(host.kernel, minKernel))
  );
}

function hasCapability({ capabilities }: SeccompHost, name: string): boolean {
  return capabilities.includes(name.replace(/^CAP_/, '').toLowerCase());
}

function isAtLeast(kernel: string, least: string): boolean {
  const [major = 0, minor = 0] = kernel.split(/[.-]/).map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

function flagWarnings({ flags }: OciSeccomp): string[] {
  // A filter is installed by one thread that execs then: there is nobody to synchronize with.
  return (flags ?? [])
    .filter((flag) => flag !== 'SECCOMP_FILTER_FLAG_TSYNC')
    .map((flag) => `${flag} is not used: filters are installed without flags`);
}
