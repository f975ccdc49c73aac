import { constants } from 'node:os';
import type { OciSeccomp, SeccompRule } from '../guest/seccomp-schema.ts';

type Arg = NonNullable<SeccompRule['args']>[number];

/** What the lists of a kind say, as far as an OCI profile can say it. */
interface Lists {
  allowed: { name: string; args: Arg[] }[];
  refused: Map<string, number>;
  never: { name: string; tests: Test[] }[];
}

/** One argument: one of the values, or any bit of the mask. */
interface Test {
  index: number;
  values: number[];
  mask: number | null;
}

const LINUX_ERRNOS: Readonly<Record<string, number>> = constants.errno;

/**
 * The default filter of a kind as an OCI profile, from its lists (native/protocol/seccomp), with `learned` let through
 * beside. It refuses the same, values of arguments with ENOSYS: an OCI profile cannot give i386 two answers for one call.
 * What the kind's own list refuses may be learnt, what all guests are refused may not. Pushing keystrokes into terminals is
 * in no profile: that is refused whatever one says. Pure.
 */
export function defaultProfile(lists: readonly string[], learned: readonly string[]): OciSeccomp {
  const { allowed, refused, never } = readLists(lists);
  const learnt = new Set(learned);
  const plain = allowed.filter(({ name, args }) => args.length === 0 && !walled(name, never));
  const free = new Set([...plain.map(({ name }) => name), ...learned]);
  const syscalls: SeccompRule[] = [{ names: [...free].sort(), action: 'SCMP_ACT_ALLOW' }];
  for (const { name, args } of allowed) {
    if (free.has(name)) continue;
    syscalls.push({
      names: [name],
      action: 'SCMP_ACT_ALLOW',
      args: [...args, ...exceptions(name, args, never)],
    });
  }
  for (const errno of new Set(refused.values())) {
    const names = [...refused]
      .filter(([name, code]) => code === errno && !learnt.has(name))
      .map(([name]) => name);
    syscalls.push({ names: names.sort(), action: 'SCMP_ACT_ERRNO', errnoRet: errno });
  }
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: errnoOf('ENOSYS'),
    architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],
    syscalls,
  };
}

/** Whether a call has values that the profile must except; those of ioctl are refused without it. */
function walled(name: string, never: Lists['never']): boolean {
  return name !== 'ioctl' && never.some((one) => one.name === name);
}

/** What a rule that lets a call through has to say against its nevers. */
function exceptions(name: string, args: readonly Arg[], never: Lists['never']): Arg[] {
  return never
    .filter((one) => one.name === name)
    .flatMap(({ tests }): Arg[] => {
      const last = tests.at(-1);
      const [value] = last?.values ?? [];
      if (last?.mask != null) {
        return [{ index: last.index, value: last.mask, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }];
      }
      // With a test before: only where the rule is about that value. Of many values the rule names the good ones itself.
      const [before] = tests.length > 1 ? tests : [];
      const fits =
        !before || args.some(({ index, value }) => index === before.index && before.values.includes(value));
      if (last?.values.length !== 1 || value === undefined || !fits) return [];
      return [{ index: last.index, value, op: 'SCMP_CMP_NE' }];
    });
}

function readLists(texts: readonly string[]): Lists {
  const lists: Lists = { allowed: [], refused: new Map(), never: [] };
  for (const line of texts.join('\n').split('\n')) {
    const [verb = '', ...words] = line.trim().split(/\s+/);
    if (verb === 'allow') readAllow(words, lists);
    else if (verb === 'errno') for (const name of words.slice(1)) lists.refused.set(name, errnoOf(words[0]));
    else if (verb === 'never') readNever(words, lists);
    else if (verb !== '' && !verb.startsWith('#')) throw new Error(`cannot read: ${line}`);
  }
  return lists;
}

/** `NAME… [if argN == V [&& …]]`, with the two comparisons that the lists of the kinds have. */
function readAllow(words: readonly string[], { allowed }: Lists): void {
  const at = words.indexOf('if');
  const names = at < 0 ? words : words.slice(0, at);
  for (const name of names) allowed.push({ name, args: [] });
  const args = allowed.at(-1)?.args ?? [];
  for (const condition of at < 0
    ? []
    : words
        .slice(at + 1)
        .join(' ')
        .split(' && ')) {
    const [argument = '', op, value] = condition.split(' ');
    if (op !== '==' && op !== '!=') throw new Error(`cannot read: ${condition}`);
    args.push({
      index: Number(argument.slice(3)),
      value: Number(value),
      op: op === '==' ? 'SCMP_CMP_EQ' : 'SCMP_CMP_NE',
    });
  }
}

/** `E NAME argN V… [and argM V…]`, `E NAME argN & MASK` */
function readNever([, name = '', ...words]: readonly string[], { never }: Lists): void {
  const tests = words
    .join(' ')
    .split(' and ')
    .map((text): Test => {
      const [argument = '', ...values] = text.split(' ');
      const mask = values[0] === '&' ? Number(values[1]) : null;
      return { index: Number(argument.slice(3)), mask, values: mask === null ? values.map(Number) : [] };
    });
  never.push({ name, tests });
}

function errnoOf(name: string | undefined): number {
  const number = LINUX_ERRNOS[name ?? ''];
  if (number === undefined) throw new Error(`no errno ${name}`);
  return number;
}
