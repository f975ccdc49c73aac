import { z } from 'zod';
import { allowed, router } from '../trpc.ts';
import { imageRef } from './schema.ts';
import type { ImageService } from './service.ts';

const imageActionInput = imageRef.extend({ wait: z.boolean().optional() });

/** Procedures of images: input, permission, verb. */
export function imageRouter(images: ImageService) {
  return router({
    list: allowed('image.view', 'any').query(() => images.list()),
    build: allowed('image.manage', 'everything')
      .input(imageActionInput)
      .mutation(({ ctx, input }) => images.build(ctx.actor, input)),
    delete: allowed('image.manage', 'everything')
      .input(imageActionInput)
      .mutation(({ ctx, input }) => images.delete(ctx.actor, input)),
  });
}
