import { NativeError } from '../../native/lib/native-error.ts';
import { AppError, type ErrorCode } from '../errors/app-error.ts';
import type { GuestLimits } from '../guest/limits-schema.ts';

/** Errors of the kernel that are not its fault, and what they are called elsewhere. */
const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'no_space',
  EDQUOT: 'no_space',
  ENOSYS: 'unsupported',
  EOPNOTSUPP: 'unsupported',
  ETIMEDOUT: 'timed_out',
};

/** What a person should know beyond the kernel's own word. */
const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  ENOSYS: 'this kernel does not have it',
  EOPNOTSUPP: 'this kernel or file system does not have it',
  EPERM: 'not permitted',
  EACCES: 'not permitted',
  ENOENT: 'it is not there',
  ENOEXEC: 'it is no program of this machine',
  EBUSY: 'it is in use',
  EEXIST: 'it exists already',
  EINVAL: 'the kernel takes the value for wrong',
  ERANGE: 'the value is out of range',
  E2BIG: 'its arguments and environment are too large together',
  ENOMEM: 'memory is used up',
  EAGAIN: 'the kernel has no more processes or memory to give',
  ETIMEDOUT: 'the kernel took too long',
};

/** Files of control groups, and the limit that each one sets; the first that fits. */
const LIMIT_FILES: readonly (readonly [RegExp, keyof GuestLimits])[] = [
  [/^cpuset\./, 'cpuset'],
  [/burst/, 'cpuBurstMicros'],
  [/^cpu\.(weight|shares)/, 'cpuWeight'],
  [/^cpu\.cfs_period/, 'cpuPeriodMicros'],
  [/^cpu\./, 'cpu'],
  [/^memory\.high$/, 'memoryHigh'],
  [/^memory\.low$/, 'memoryLow'],
  [/^memory\.(swap|memsw)\./, 'swap'],
  [/^memory\./, 'memory'],
  [/^pids\./, 'pids'],
  [/weight/, 'ioWeight'],
  [/^(io|blkio)\./, 'io'],
  [/^hugetlb\./, 'hugepages'],
];

/** The field of a limit whose value the kernel refused as such; null for any other failure. */
function limitField({ code, action, path }: NativeError): string[] | null {
  const refused = /^limit \w+ in /.test(action) && (code === 'EINVAL' || code === 'ERANGE');
  const limit = refused ? LIMIT_FILES.find(([file]) => file.test(path))?.[1] : undefined;
  return limit === undefined ? null : ['limits', limit];
}

/**
 * A native failure as an error of the port: `cannot mount the overlay /a/b: it is not there (ENOENT)`. Anything else
 * is left as it is. Paths of the host are shown: whoever runs guests here is its administrator.
 */
export function kernelError(error: unknown, context: string): Error {
  if (!(error instanceof NativeError)) return error instanceof Error ? error : new Error(String(error));
  const { code, action, path } = error;
  if (code === 'ENOENT' && action === 'find the user') {
    return new AppError('bad_input', `there is no user ${path} in the guest`, {
      field: ['user'],
      cause: error,
    });
  }
  const hook = /^run the (\w+ hook)$/.exec(action)?.[1];
  if (hook !== undefined) {
    // The native part says in the path what became of it.
    const said = `${context}: the ${hook} ${path}`;
    return new AppError(CODES[code] ?? 'kernel', said, {
      detail: { errno: code, action, path },
      cause: error,
    });
  }
  const what = path === '' || path === '-' ? action : `${action} ${path}`;
  const hint = HINTS[code];
  const why = hint ? `${hint} (${code})` : code;
  const field = limitField(error);
  return new AppError(field ? 'bad_input' : (CODES[code] ?? 'kernel'), `${context}: cannot ${what}: ${why}`, {
    ...(field && { field }),
    detail: { errno: code, action, path },
    cause: error,
  });
}

/** Run something native; its failures become errors of the port. */
export async function inKernel<Result>(
  context: string,
  work: () => Promise<Result> | Result,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw kernelError(error, context);
  }
}
