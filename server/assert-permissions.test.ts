import { initTRPC } from '@trpc/server';
import { expect, test } from 'vitest';
import { assertPermissions } from './assert-permissions.ts';
import { allowed, publicProcedure, rootProcedure, router, selfProcedure } from './trpc.ts';

test('procedures say who may call them', () => {
  const noun = router({
    look: allowed('guest.view', 'guest').query(() => 1),
    own: selfProcedure.query(() => 1),
    change: rootProcedure.mutation(() => 1),
  });
  const found = assertPermissions(router({ hello: publicProcedure.query(() => 1), noun }));
  expect(Object.fromEntries(found)).toEqual({
    hello: { permission: 'public' },
    'noun.look': { permission: 'guest.view', on: 'guest' },
    'noun.own': { permission: 'self' },
    'noun.change': { permission: 'root' },
  });
});

test('one that does not say is found', () => {
  const { procedure, router: bare } = initTRPC.create();
  expect(() => assertPermissions(bare({ noun: bare({ silent: procedure.query(() => 1) }) }))).toThrow(
    'noun.silent',
  );
});
