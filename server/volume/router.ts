import { router, userProcedure } from '../trpc.ts';
import { volumeInput } from './schema.ts';
import type { VolumeService } from './service.ts';

/** Procedures of volumes: input, permission, verb. */
export function volumeRouter(volumes: VolumeService) {
  return router({
    list: userProcedure.query(() => volumes.list()),
    create: userProcedure
      .input(volumeInput)
      .mutation(({ ctx, input }) => volumes.create(ctx.actor, input.volume)),
    delete: userProcedure.input(volumeInput).mutation(async ({ input }) => {
      await volumes.delete(input.volume);
      return { volume: input.volume };
    }),
  });
}
