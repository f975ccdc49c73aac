export { type ApiError, toApiError } from './api-error.ts';
export { ALONE, useTRPC, useTRPCClient } from './client.ts';
export { useConnection } from './connection.ts';
export { LiveStream } from './live-stream.tsx';
export { onOperationOutput } from './operation-output.ts';
export { useUsageTrail } from './usage-trail.ts';
