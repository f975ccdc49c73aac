/** What a build gets: an empty folder to fill, and somebody to tell. */
export interface BuildContext {
  /** Exists, empty, owned by root. */
  rootfs: string;
  signal: AbortSignal;
  progress(fraction: number): void;
  message(text: string): void;
  /** Raw terminal text. */
  output(text: string): void;
  /** Of a descriptor that a library opened for programs too; done before the promise is given. */
  keepFromPrograms(descriptor: number): Promise<void>;
}

/** Fills the folder; throws AppError when it cannot, and leaves no process and no mount in any case. */
export type ImageBuilder = (context: BuildContext) => Promise<void>;
