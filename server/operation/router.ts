import { reachOf } from '../access/may.ts';
import type { Db } from '../db/client.ts';
import { allowed, router } from '../trpc.ts';
import type { StoppableRunner } from './create-operation-runner.ts';
import { listOperations } from './list-operations.ts';
import { readOutput } from './read-output.ts';
import { listOperationsInput, operationRef, waitOperationInput } from './schema.ts';

const forever = new AbortController().signal;

/** `operation.*`: what happened, what happens now. */
export function createOperationRouter(services: { db: Db; operations: StoppableRunner }) {
  const { db, operations } = services;
  return router({
    list: allowed('guest.view', 'any')
      .input(listOperationsInput)
      .query(({ ctx, input }) => listOperations(db, input, reachOf(ctx.rights, 'guest.view'))),
    get: allowed('guest.view', 'operation')
      .input(operationRef)
      .query(({ input }) => operations.get(input.id)),
    wait: allowed('guest.view', 'operation')
      .input(waitOperationInput)
      .query(({ input, signal }) => operations.wait(input.id, input.timeoutMs, signal ?? forever)),
    output: allowed('guest.view', 'operation')
      .input(operationRef)
      .query(({ input }) => readOutput(services, input.id)),
    cancel: allowed('guest.run', 'operation')
      .input(operationRef)
      .mutation(({ input, ctx }) => operations.cancel(input.id, ctx.actor)),
  });
}
