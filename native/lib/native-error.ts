/** A failure of the kernel or of native code: what was being done, to what, and errno's name (errno(3)). */
export class NativeError extends Error {
  override readonly name = 'NativeError';
  /** `ENOENT`, `EPERM`, …; `EIO` where the other side went away in the middle. */
  readonly code: string;
  readonly action: string;
  readonly path: string;

  constructor(failure: { code: string; action: string; path?: string; cause?: unknown }) {
    const { code, action, path = '', cause } = failure;
    super(`${action}${path ? ` ${path}` : ''}: ${code}`, { cause });
    this.code = code;
    this.action = action;
    this.path = path;
  }
}
