import { deleteRole, listRoles, saveRole } from '../access/roles.ts';
import { roleRef, saveRoleInput } from '../access/schema.ts';
import { allowed, router } from '../trpc.ts';
import { changePeople } from './change-people.ts';
import type { UserServices } from './services.ts';

/** `role.*`: what can be given. */
export function roleRouter(services: UserServices) {
  const manage = allowed('people.manage', 'everything');
  return router({
    list: allowed('people.view', 'everything').query(() => listRoles(services.db)),
    save: manage
      .input(saveRoleInput)
      .mutation(({ ctx, input }) =>
        changePeople(services, ctx, ({ tx, rights }) => saveRole(tx, rights, input)),
      ),
    delete: manage
      .input(roleRef)
      .mutation(({ ctx, input }) => changePeople(services, ctx, ({ tx }) => deleteRole(tx, input))),
  });
}
