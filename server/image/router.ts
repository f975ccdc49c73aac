import { z } from 'zod';
import { router, userProcedure } from '../trpc.ts';
import { imageRef } from './schema.ts';
import type { ImageService } from './service.ts';

const imageActionInput = imageRef.extend({ wait: z.boolean().optional() });

/** Procedures of images: input, permission, verb. */
export function imageRouter(images: ImageService) {
  return router({
    list: userProcedure.query(() => images.list()),
    build: userProcedure.input(imageActionInput).mutation(({ ctx, input }) => images.build(ctx.actor, input)),
    delete: userProcedure
      .input(imageActionInput)
      .mutation(({ ctx, input }) => images.delete(ctx.actor, input)),
  });
}
