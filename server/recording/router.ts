import { setPolicy, viewPolicy } from '../console/always-record.ts';
import { listRecordings, viewRecording } from '../console/list-recordings.ts';
import type { ConsoleServices } from '../console/services.ts';
import { startRecording } from '../console/start-recording.ts';
import { deleteRecording, stopRecording } from '../console/stop-recording.ts';
import { allowed, rootProcedure, router } from '../trpc.ts';
import {
  limitsInput,
  listRecordingsInput,
  policyInput,
  recordingRef,
  setPolicyInput,
  startRecordingInput,
} from './schema.ts';

/** Recordings of terminals; their files are at `/api/recordings/ID.cast` (console/serve-recording.ts). */
export function createRecordingRouter(services: ConsoleServices) {
  return router({
    list: allowed('console.watch', 'list')
      .input(listRecordingsInput)
      .query(({ ctx, input }) => listRecordings(services, ctx.actor, input)),
    get: allowed('console.watch', 'recording')
      .input(recordingRef)
      .query(({ ctx, input }) => viewRecording(services, ctx.actor, input)),
    start: allowed('console.use', 'session')
      .input(startRecordingInput)
      .mutation(({ ctx, input }) => startRecording(services, ctx.actor, input)),
    stop: allowed('console.use', 'recording')
      .input(recordingRef)
      .mutation(({ ctx, input }) => stopRecording(services, ctx.actor, input)),
    delete: allowed('console.use', 'recording')
      .input(recordingRef)
      .mutation(({ ctx, input }) => deleteRecording(services, ctx.actor, input)),
    policy: allowed('console.watch', 'list')
      .input(policyInput)
      .query(({ input }) => viewPolicy(services, input)),
    setLimits: rootProcedure.input(limitsInput).mutation(({ input }) => services.recordings.setLimits(input)),
    setPolicy: allowed('console.use', 'guest')
      .input(setPolicyInput)
      .mutation(({ ctx, input }) => setPolicy(services, ctx.actor, input)),
  });
}
