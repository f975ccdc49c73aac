import type { Rights } from '../access/may.ts';
import type { BindMount } from '../guest/isolation-schema.ts';
import type { Actor } from '../platform.ts';
import type { VolumeView } from './schema.ts';

/** Folders of Berth's own that guests can have mounted. */
export interface VolumeService {
  /** Those of the projects in which somebody may see volumes, with the guests that they may see. */
  list(rights: Rights): Promise<VolumeView[]>;
  /** Throws `name_taken` on field `volume`, `not_found` on field `project`. */
  create(actor: Actor, input: { volume: string; project?: string | undefined }): Promise<VolumeView>;
  /**
   * Give it to another project, for who may make volumes there; guests keep what they have mounted. Throws `not_found`, what `requireRoom`
   * throws for the project, and `forbidden` on field `project`, the same for a project that is somebody else's and one that is not there.
   */
  move(
    by: { actor: Actor; rights: Rights; requireRoom: (project: string) => Promise<void> },
    input: { volume: string; project: string },
  ): Promise<VolumeView>;
  /** Null where there is no such volume on the host of an installation, by default this one. */
  projectOf(name: string, installation?: string): Promise<string | null>;
  /** Folders on this host of a project's volumes. */
  foldersOf(project: string): Promise<string[]>;
  /** With all its files. Throws `not_found`, and `illegal_state` naming the guests that have it in their settings, of those that may be seen. */
  delete(name: string, rights?: Rights): Promise<void>;
  /**
   * The mount with the folder that its source stands for on this host: `volume:NAME` is that volume, whose files belong to
   * the guest's root. Throws `bad_input` on `field` when there is no such volume, folder or file.
   */
  resolve(mount: BindMount, field: readonly (string | number)[]): Promise<BindMount>;
  /** All volumes with their files go, for the end of the instance. */
  drop(): Promise<void>;
}
