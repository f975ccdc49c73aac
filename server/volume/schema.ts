import { z } from 'zod';

export const volumeName = z
  .string()
  .max(63, 'a volume name has at most 63 characters')
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'a volume name has lower-case letters, digits and hyphens');
export const volumeInput = z.object({ volume: volumeName });

/** A folder of Berth's own that guests can have mounted; it outlives them. */
export interface VolumeView {
  name: string;
  path: string;
  createdAt: string;
  createdBy: string;
  /** Guests that have it in their settings. */
  guests: string[];
}
