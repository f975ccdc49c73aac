import type { Db } from '../db/client.ts';
import { router, userProcedure } from '../trpc.ts';
import type { StoppableRunner } from './create-operation-runner.ts';
import { listOperations } from './list-operations.ts';
import { readOutput } from './read-output.ts';
import { listOperationsInput, operationRef, waitOperationInput } from './schema.ts';

const forever = new AbortController().signal;

/** `operation.*`: what happened, what happens now. */
export function createOperationRouter(services: { db: Db; operations: StoppableRunner }) {
  const { db, operations } = services;
  return router({
    list: userProcedure.input(listOperationsInput).query(({ input }) => listOperations(db, input)),
    get: userProcedure.input(operationRef).query(({ input }) => operations.get(input.id)),
    wait: userProcedure
      .input(waitOperationInput)
      .query(({ input, signal }) => operations.wait(input.id, input.timeoutMs, signal ?? forever)),
    output: userProcedure.input(operationRef).query(({ input }) => readOutput(services, input.id)),
    cancel: userProcedure
      .input(operationRef)
      .mutation(({ input, ctx }) => operations.cancel(input.id, ctx.actor)),
  });
}
