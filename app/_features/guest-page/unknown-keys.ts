import { z } from 'zod';

export interface UnknownKey {
  path: (string | number)[];
  known: string[];
}

/** Keys that a schema does not have: reported, not silently lost. Open maps (records, loose objects) have none. */
export function unknownKeys(schema: unknown, value: unknown, path: (string | number)[] = []): UnknownKey[] {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return unknownKeys(schema.unwrap(), value, path);
  if (schema instanceof z.ZodArray && Array.isArray(value))
    return value.flatMap((each, index) => unknownKeys(schema.element, each, [...path, index]));
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!(schema instanceof z.ZodObject) || schema.def.catchall || !isMap) return [];
  const known = Object.keys(schema.shape);
  return Object.entries(value).flatMap(([key, each]) =>
    known.includes(key)
      ? unknownKeys(schema.shape[key], each, [...path, key])
      : [{ path: [...path, key], known }],
  );
}
