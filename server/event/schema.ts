import type { EditKey } from '../guest/record-schema.ts';
import type { GuestEventKind, GuestUsage, GuestView } from '../guest/schema.ts';
import type { ImageView } from '../image/schema.ts';
import type { OperationView } from '../operation/schema.ts';
import type { Present } from '../presence/schema.ts';
import type { VolumeView } from '../volume/schema.ts';

/** The one stream that keeps every client's view true. Each event carries the whole new row. */
export type BerthEvent =
  /** `edit`: somebody has written something else about it; what operations do tells `operation.changed`. */
  | { type: 'guest.changed'; guest: GuestView; edit?: { by: string; what: (EditKey | 'project')[] } }
  | { type: 'guest.removed'; id: string; name: string }
  /** Something has come into the trash or gone out of it; what one sees of it is in `trash.list`. */
  | { type: 'trash.changed' }
  /** It is in another project now, or has lost tags: gone, to who sees it no more. */
  | { type: 'guest.left'; id: string; name: string; from: ({ project: string } | { tag: string })[] }
  | { type: 'operation.changed'; operation: OperationView }
  /** Raw terminal bytes of a running operation (a build), UTF-8. */
  | { type: 'operation.output'; id: string; text: string }
  | { type: 'image.changed'; image: ImageView }
  | { type: 'volume.changed'; volume: VolumeView }
  | { type: 'volume.removed'; name: string; project: string }
  /** Somebody has saved, changed or deleted a view; which ones one sees is in `view.list`. */
  | { type: 'views.changed' }
  /** Somebody has made, changed or deleted a project; what is in use follows from the guests. */
  | { type: 'projects.changed' }
  /** There is something to be told, or a channel has changed; which notices one sees is in `notice.list`. */
  | { type: 'notices.changed' }
  /** The database went away (ISO 8601, since when), or is back (null): nothing can be changed meanwhile. */
  | { type: 'database.changed'; awaySince: string | null }
  /** A back-up was made, or has failed, or one was tried; how all went is in `backup.list`. */
  | { type: 'backups.changed'; failed: string | null }
  /** Users, roles, links or sessions: read them again. */
  | { type: 'people.changed' }
  /** What the kernel did to a guest, within 200 ms. */
  | {
      type: 'guest.event';
      guest: string;
      name: string;
      at: string;
      kind: GuestEventKind | 'exit';
      message: string;
    }
  /** Who looks at a guest now, and what they do there. */
  | { type: 'presence.changed'; guest: string; people: Present[] }
  /** All running guests, about once a second. */
  | { type: 'usage'; at: string; guests: Record<string, GuestUsage> };
