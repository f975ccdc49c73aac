import { z } from 'zod';
import { projectText } from '../project/schema.ts';

export const volumeName = z
  .string()
  .max(63, 'a volume name has at most 63 characters')
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'a volume name has lower-case letters, digits and hyphens');
export const volumeInput = z.object({ volume: volumeName });
/** Left out, the project is the default one. */
export const createVolumeInput = volumeInput.extend({ project: projectText.optional() });
export const moveVolumeInput = volumeInput.extend({ project: projectText });

/** A folder of Berth's own that guests can have mounted; it outlives them. */
export interface VolumeView {
  name: string;
  path: string;
  createdAt: string;
  createdBy: string;
  /** Whose people may mount it in guests. */
  project: string;
  /** Guests that have it in their settings, of those that whoever asks may see. */
  guests: { id: string; name: string }[];
  /** How many others have it. */
  hidden: number;
}
