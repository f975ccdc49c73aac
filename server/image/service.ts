import type { OperationView } from '../operation/schema.ts';
import type { Actor, StepContext } from '../platform.ts';
import type { GuestSpec } from '../runtime/port.ts';
import type { ImageView } from './schema.ts';

type Kind = ImageView['defaultKind'];

/** What a guest takes from the image that it is made of. */
export interface ImageRecipe {
  name: string;
  /** Names one build; null while the image is not built on this host. */
  build: string | null;
  /** What a guest is when nothing is said. */
  kind: Kind;
  /** argv of init for each kind; empty where the image has none of its own. */
  command: Record<Kind, readonly string[]>;
  /** How each kind's init is asked to stop. */
  stopSignal: Record<Kind, GuestSpec['stopSignal']>;
  /** ms that init has to stop before it is killed. */
  stopTimeoutMs: number;
}

/** What an image's verb answers. */
export interface ImageAction {
  image: ImageView;
  operation: OperationView;
}

/** The images of this host. */
export interface ImageService {
  /** Throws `bad_input` on field `image`, naming the known images. */
  resolve(name: string): Promise<ImageRecipe>;
  /**
   * Build the image unless it is built, with progress and output to `context`; joins a build that is at work.
   * Throws `cancelled` when the signal aborts, `no_space` or `unavailable` when it cannot be built here.
   */
  ensureReady(name: string, context: StepContext): Promise<ImageRecipe & { build: string }>;
  /** Absolute path of the read-only root of one build. */
  rootOf(name: string, build: string): string;
  list(): Promise<ImageView[]>;
  /** Build it (anew, when it is built already: guests keep the build that they are made of). */
  build(actor: Actor, input: { image: string; wait?: boolean }): Promise<ImageAction>;
  /** Throws `illegal_state` while guests are made of it, or when it is not built. */
  delete(actor: Actor, input: { image: string; wait?: boolean }): Promise<ImageAction>;
  /** A replaced build goes with the last guest that was made of it. Never throws: at worst it stays until `prepare`. */
  onGuestRemoved(guest: { image: string; build: string }): Promise<void>;
  /** Remove what builds that a crash ended have left. Called once at the start of the server. */
  prepare(): Promise<void>;
}
