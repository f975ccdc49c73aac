import { AppError } from '../errors/app-error.ts';
import type { StepContext } from '../platform.ts';
import type { BuildContext } from './image-builder.ts';

type Follower = Omit<StepContext, 'operationId'>;

/**
 * One build that several operations wait for: each sees its progress; whoever cancels leaves, and the last one to
 * leave ends it.
 */
export class SharedBuild<Result> {
  readonly #followers = new Set<Follower>();
  readonly #abort = new AbortController();
  readonly #done: Promise<Result>;
  #output = '';

  constructor(work: (context: Omit<BuildContext, 'rootfs' | 'keepFromPrograms'>) => Promise<Result>) {
    const tell = (how: (follower: Follower) => void) => {
      for (const follower of this.#followers) how(follower);
    };
    this.#done = work({
      signal: this.#abort.signal,
      progress: (fraction) => tell((one) => one.progress(fraction)),
      message: (text) => tell((one) => one.message(text)),
      output: (text) => {
        this.#output = (this.#output + text).slice(-65_536);
        tell((one) => one.output(text));
      },
    });
    // Every follower gets the rejection through its own promise; a build that all have left has no other.
    this.#done.catch(() => undefined);
  }

  /** Nobody waits for it any more: it is being taken back and cannot be joined. */
  get abandoned(): boolean {
    return this.#abort.signal.aborted;
  }

  /** When it is over and has removed its leavings, however it ended. */
  async settled(): Promise<void> {
    await this.#done.catch(() => undefined);
  }

  /** Wait for it. What it printed so far comes at once. Throws its error, or `cancelled` when this one leaves. */
  async follow(follower: Follower): Promise<Result> {
    const { signal } = follower;
    signal.throwIfAborted();
    this.#followers.add(follower);
    if (this.#output !== '') follower.output(this.#output);
    let leave: () => void = () => undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => {
        this.#followers.delete(follower);
        const reason =
          signal.reason instanceof AppError
            ? signal.reason
            : new AppError('cancelled', 'the build was cancelled');
        if (this.#followers.size > 0) return reject(reason);
        // The last one waits until nothing of the build is left.
        this.#abort.abort(reason);
        void this.settled().then(() => reject(reason));
      };
    });
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await Promise.race([this.#done, left]);
    } catch (error) {
      throw signal.aborted && signal.reason instanceof AppError ? signal.reason : error;
    } finally {
      signal.removeEventListener('abort', leave);
      this.#followers.delete(follower);
    }
  }
}
