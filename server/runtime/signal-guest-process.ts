import { constants } from 'node:os';
import { NativeError } from '../../native/lib/native-error.ts';
import { AppError } from '../errors/app-error.ts';
import type { Kernel } from './kernel.ts';
import { kernelError } from './kernel-error.ts';

/** Signal one process of a guest's group. Throws `not_found` on field `pid` when it is in another, or has ended. */
export async function signalGuestProcess(
  kernel: Kernel,
  group: string,
  { pid, signal }: { pid: number; signal: NodeJS.Signals },
): Promise<void> {
  try {
    await kernel.signalProcess(pid, constants.signals[signal], group);
  } catch (error) {
    if (error instanceof NativeError && (error.code === 'ESRCH' || error.code === 'EINVAL')) {
      throw new AppError('not_found', `the guest has no process with pid ${pid} on the host (any more)`, {
        field: ['pid'],
        cause: error,
      });
    }
    throw kernelError(error, `cannot send ${signal}`);
  }
}
