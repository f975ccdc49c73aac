import { defineRestore } from '../trash/restore-guest.ts';
import { defineTrash } from '../trash/trash-guest.ts';
import { defineConfigure } from './define-configure.ts';
import { defineCreate } from './define-create.ts';
import { defineDelete } from './delete-guest.ts';
import { defineFreeze } from './freeze-guest.ts';
import { defineRename } from './rename-guest.ts';
import { defineRestart } from './restart-guest.ts';
import type { GuestServices } from './services.ts';
import { defineStart } from './start-guest.ts';
import { defineStop } from './stop-guest.ts';
import { defineUnfreeze } from './unfreeze-guest.ts';

/** Every operation on guests; before the operations of the last run are recovered. */
export function defineGuestOperations(services: GuestServices): void {
  defineCreate(services);
  defineStart(services);
  defineStop(services);
  defineRestart(services);
  defineFreeze(services);
  defineUnfreeze(services);
  defineRename(services);
  defineConfigure(services);
  defineDelete(services);
  defineTrash(services);
  defineRestore(services);
}
