import { AppError } from '../errors/app-error.ts';

/** File work whose lack of space is told as such. */
export async function diskWork<Result>(context: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const errno = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
    const full = errno === 'ENOSPC' || errno === 'EDQUOT';
    const why = full ? 'no space is left on the disk' : errno;
    throw new AppError(full ? 'no_space' : 'kernel', `${context}: ${why}`, {
      detail: { errno },
      cause: error,
    });
  }
}
