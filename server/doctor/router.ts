import { router, userProcedure } from '../trpc.ts';
import type { Doctor } from './doctor.ts';
import { mendInput } from './schema.ts';

/** Procedures of the doctor. */
export function doctorRouter(doctor: Pick<Doctor, 'check' | 'mend'>) {
  return router({
    check: userProcedure.query(() => doctor.check()),
    mend: userProcedure.input(mendInput).mutation(({ ctx, input }) => doctor.mend(ctx.actor, input.ids)),
  });
}
