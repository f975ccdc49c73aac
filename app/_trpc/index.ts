export { type ApiError, fieldError, isTransient, toApiError } from './api-error.ts';
export { ALONE, useTRPC, useTRPCClient } from './client.ts';
export { type Connection, useConnection } from './connection.ts';
export { LiveStream } from './live-stream.tsx';
export { onOperationOutput } from './operation-output.ts';
export { type UsageTrail, useUsageTrail } from './usage-trail.ts';
