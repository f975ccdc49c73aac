import type { BindMount } from '../guest/isolation-schema.ts';
import type { Actor } from '../platform.ts';
import type { VolumeView } from './schema.ts';

/** Folders of Berth's own that guests can have mounted. */
export interface VolumeService {
  list(): Promise<VolumeView[]>;
  /** Throws `name_taken` on field `volume`. */
  create(actor: Actor, name: string): Promise<VolumeView>;
  /** With all its files. Throws `not_found`, and `illegal_state` naming the guests that have it in their settings. */
  delete(name: string): Promise<void>;
  /**
   * The mount with the folder that its source stands for on this host: `volume:NAME` is that volume, whose files belong to
   * the guest's root. Throws `bad_input` on `field` when there is no such volume, folder or file.
   */
  resolve(mount: BindMount, field: readonly (string | number)[]): Promise<BindMount>;
  /** All volumes with their files go, for the end of the instance. */
  drop(): Promise<void>;
}
