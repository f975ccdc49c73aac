import { allowed, rootProcedure, router } from '../trpc.ts';
import { findPerson } from '../user/change-people.ts';
import type { UserServices } from '../user/services.ts';
import { createTokenInput, listTokensInput, tokenRef } from './schema.ts';
import { createToken, deleteToken, listTokens } from './tokens.ts';

const manage = allowed('people.manage', 'everything');

/** `token.*`: what programs act with, of all users; one's own are in `account.*`. */
export function tokenRouter(services: UserServices) {
  const { db } = services;
  const idOf = async (username: string) => (await findPerson(db, username)).id;
  return router({
    list: manage
      .input(listTokensInput)
      .query(async ({ input: { username } }) =>
        listTokens(services, username === undefined ? undefined : await idOf(username)),
      ),
    create: rootProcedure
      .input(createTokenInput)
      .mutation(async ({ input }) => createToken(services, await idOf(input.username), input)),
    delete: manage.input(tokenRef).mutation(({ input }) => deleteToken(services, input)),
  });
}
