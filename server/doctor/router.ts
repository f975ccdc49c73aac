import { allowed, router } from '../trpc.ts';
import type { Doctor } from './doctor.ts';
import { mendInput } from './schema.ts';

/** Procedures of the doctor. */
export function doctorRouter(doctor: Pick<Doctor, 'check' | 'mend'>) {
  return router({
    check: allowed('host.view', 'everything').query(() => doctor.check()),
    mend: allowed('host.mend', 'everything')
      .input(mendInput)
      .mutation(({ ctx, input }) => doctor.mend(ctx.actor, input.ids)),
  });
}
