import { initTRPC } from '@trpc/server';
import { expect, test } from 'vitest';
import { assertPermissions } from './assert-permissions.ts';
import { publicProcedure, rootProcedure, router, userProcedure } from './trpc.ts';

test('procedures say who may call them', () => {
  const noun = router({ look: userProcedure.query(() => 1), change: rootProcedure.mutation(() => 1) });
  const found = assertPermissions(router({ hello: publicProcedure.query(() => 1), noun }));
  expect(Object.fromEntries(found)).toEqual({ hello: 'public', 'noun.look': 'user', 'noun.change': 'root' });
});

test('one that does not say is found', () => {
  const { procedure, router: bare } = initTRPC.create();
  expect(() => assertPermissions(bare({ noun: bare({ silent: procedure.query(() => 1) }) }))).toThrow(
    'noun.silent',
  );
});
