import { z } from 'zod';

/** `namespace/name`: `berth/mini`, `debian/12`. */
export const imageName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[a-z0-9][a-z0-9._-]*\/[a-z0-9][a-z0-9._-]*$/, 'an image is named like debian/12');

export const imageRef = z.object({ image: imageName });

export const IMAGE_STATES = ['absent', 'building', 'ready', 'failed'] as const;
export type ImageState = (typeof IMAGE_STATES)[number];

/** An image of the catalogue as every client sees it. */
export interface ImageView {
  name: string;
  title: string;
  description: string;
  state: ImageState;
  /** Bytes on disk; null while absent. */
  size: number | null;
  architecture: string;
  /** What a guest of this image is when nothing is said. */
  defaultKind: 'system' | 'application';
  /** Whether the build fetches packages: it says so before it tries. */
  needsNetwork: boolean;
  /** Rough seconds a first build takes, to tell before it starts. */
  buildSeconds: number;
  builtAt: string | null;
  /** Guests made of it; while there are any it cannot be deleted. */
  guests: number;
  operation: { id: string; kind: string } | null;
  problem: string | null;
}
