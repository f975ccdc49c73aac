import type { Prisma } from './generated/client.ts';

/** A value as a JSON column takes it: what JSON would lose is lost here, null becomes an empty object. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return JSON.parse(JSON.stringify(value ?? {}));
}
