import { expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from './app-error.ts';
import { errorBody } from './error-body.ts';
import { explainInput } from './explain-input.ts';

const schema = z.object({
  limits: z.object({ cpu: z.number().min(0.01, 'cpu must be at least 0.01 cores') }).optional(),
  name: z.string(),
  password: z.string().min(10).optional(),
});

function explain(input: unknown): AppError {
  return explainInput(schema.safeParse(input).error, input);
}

test('the field and the value are named', () => {
  const error = explain({ name: 'web', limits: { cpu: -1 } });
  expect(error).toMatchObject({ code: 'bad_input', field: ['limits', 'cpu'] });
  expect(error.message).toBe('limits.cpu: cpu must be at least 0.01 cores (not -1)');
});

test('what is missing is called missing', () => {
  expect(explain({}).message).toBe('name: it is missing');
});

test('a password is never repeated', () => {
  const error = explain({ name: 'web', password: 'hunter2' });
  expect(error.field).toEqual(['password']);
  expect(error.message).not.toContain('hunter2');
});

test('a long value is cut', () => {
  expect(explain({ name: ['x'.repeat(500)] }).message.length).toBeLessThan(100);
  expect(explain({ name: 'web', limits: 'y'.repeat(500) }).message.length).toBeLessThan(200);
});

test('clients learn of expected failures, and of surprises nothing', () => {
  const expected = new AppError('no_space', 'the disk is full', { detail: { path: '/secret' } });
  expect(errorBody(expected)).toEqual({ code: 'no_space', message: 'the disk is full', field: null });
  expect(errorBody(new Error('wrapped', { cause: expected })).code).toBe('no_space');
  const surprise = errorBody(new TypeError('x is undefined in /secret'));
  expect(surprise.code).toBe('internal');
  expect(surprise.message).not.toContain('secret');
  expect(errorBody('nonsense').code).toBe('internal');
});
