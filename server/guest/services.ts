import type { Platform, StepContext } from '../platform.ts';
import type { ProjectBook } from '../project/project-book.ts';
import type { GuestSpec } from '../runtime/port.ts';
import type { BindMount } from './isolation-schema.ts';
import type { GuestKind } from './schema.ts';
import type { GuestStore } from './store.ts';

/** What a guest takes from the image that it is made of. */
export interface GuestImage {
  /** `debian/12`. */
  name: string;
  /** Names one build; null while the image is not built on this host. A guest keeps its own build. */
  build: string | null;
  /** What a guest is when nothing is said. */
  kind: GuestKind;
  /** argv of init for each kind; empty where the image has none of its own. */
  command: Record<GuestKind, readonly string[]>;
  /** How each kind's init is asked to stop. */
  stopSignal: Record<GuestKind, GuestSpec['stopSignal']>;
  /** ms that init has to stop before it is killed. */
  stopTimeoutMs: number;
}

/** What guests ask of images; server/image/service.ts has it. */
export interface GuestImages {
  /** From the catalogue, no disk touched. Throws `bad_input` on field `image`, naming the known images. */
  resolve(name: string): Promise<GuestImage>;
  /**
   * Build the image unless it is built, with progress, messages and output to `context`; joins a build that is
   * already at work. Resolves to the image with its build. Throws `cancelled` when the signal aborts.
   */
  ensureReady(name: string, context: StepContext): Promise<GuestImage & { build: string }>;
  /** Absolute path of the read-only root of one build. */
  rootOf(name: string, build: string): string;
  /** A replaced build goes with the last guest that was made of it. Never throws. */
  onGuestRemoved(guest: { image: string; build: string }): Promise<void>;
}

/** A guest as the network sees it. */
export interface NetworkGuest {
  id: string;
  name: string;
  /** Host part of its addresses. */
  lease: number;
  mac: string;
}

/** What guests ask of the managed network; server/network/service.ts has it. */
export interface GuestNetwork {
  /** The lowest host part that is free, given those in use. Throws `unavailable` when the range is full. Pure. */
  allocateLease(used: ReadonlySet<number>): number;
  /** The guest's addresses without prefix length, from its lease. Pure. */
  addressesOf(guest: { lease: number }): { ipv4: string; ipv6: string };
  /** Bridge, firewall and DNS are there (idempotent, cheap when they are), and what the supervisor needs to know. */
  specFor(guest: NetworkGuest): Promise<{ network: GuestSpec['network']; resolvConf: string | null }>;
  /** Its name is known to DNS from now on; also after a rename. */
  onGuestStarted(guest: NetworkGuest): Promise<void>;
  /** Its name and lease are forgotten. */
  onGuestRemoved(guest: NetworkGuest): Promise<void>;
}

/** What guests ask of volumes; server/volume/service.ts has it. */
export interface GuestVolumes {
  /**
   * The mount with the folder that its source stands for: a path of the host that is there, or the one of `volume:NAME`.
   * Throws `bad_input` on `field`. For the live `runtime.addMount` and `removeMount` too.
   */
  resolve(mount: BindMount, field: readonly (string | number)[]): Promise<BindMount>;
  /** Null where there is no such volume on the host of an installation, by default this one. */
  projectOf(name: string, installation?: string): Promise<string | null>;
  /** Folders on this host of a project's volumes. */
  foldersOf(project: string): Promise<string[]>;
}

/** What guests ask of lxcfs; server/host/lxcfs.ts has it. */
export interface GuestLxcfs {
  /** Where it is mounted on the host; null where there is none. Never throws. */
  root(): Promise<string | null>;
}

/** What the verbs of guests use. */
export type GuestServices = Platform & {
  images: GuestImages;
  network: GuestNetwork;
  volumes: GuestVolumes;
  lxcfs: GuestLxcfs;
  guests: GuestStore;
  projects: ProjectBook;
};
