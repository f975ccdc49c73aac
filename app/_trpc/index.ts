export { type ApiError, toApiError } from './api-error.ts';
export { ALONE, useTRPC, useTRPCClient } from './client.ts';
export { useConnection } from './connection.ts';
export { type GuestEvent, onGuestEvent, useGuestEventHistory } from './guest-events.ts';
export { LiveStream } from './live-stream.tsx';
export { onOperationOutput } from './operation-output.ts';
export { StaySignedIn } from './stay-signed-in.tsx';
export { useUsageTrail } from './usage-trail.ts';
export { useMay } from './use-may.ts';
