import { allowed, router } from '../trpc.ts';
import { createVolumeInput, moveVolumeInput, volumeInput } from './schema.ts';
import type { VolumeService } from './service.ts';

/** Procedures of volumes: input, permission, verb. `requireRoom` throws where a project's disk is full. */
export function volumeRouter(volumes: VolumeService, requireRoom: (project: string) => Promise<void>) {
  return router({
    list: allowed('volume.view', 'any').query(({ ctx }) => volumes.list(ctx.rights)),
    create: allowed('volume.manage', 'project')
      .input(createVolumeInput)
      .mutation(({ ctx, input }) => volumes.create(ctx.actor, input)),
    move: allowed('volume.manage', 'volume')
      .input(moveVolumeInput)
      .mutation(({ ctx, input }) => volumes.move({ ...ctx, requireRoom }, input)),
    delete: allowed('volume.manage', 'volume')
      .input(volumeInput)
      .mutation(async ({ ctx, input }) => {
        await volumes.delete(input.volume, ctx.rights);
        return { volume: input.volume };
      }),
  });
}
