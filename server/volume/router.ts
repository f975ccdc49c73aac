import { allowed, router } from '../trpc.ts';
import { volumeInput } from './schema.ts';
import type { VolumeService } from './service.ts';

/** Procedures of volumes: input, permission, verb. */
export function volumeRouter(volumes: VolumeService) {
  return router({
    list: allowed('volume.view', 'everything').query(() => volumes.list()),
    create: allowed('volume.manage', 'everything')
      .input(volumeInput)
      .mutation(({ ctx, input }) => volumes.create(ctx.actor, input.volume)),
    delete: allowed('volume.manage', 'everything')
      .input(volumeInput)
      .mutation(async ({ input }) => {
        await volumes.delete(input.volume);
        return { volume: input.volume };
      }),
  });
}
