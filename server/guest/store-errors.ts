import { AppError } from '../errors/app-error.ts';

/** Another server has written something about a guest at the same time; it is known now, so the edit can be made anew. */
export class EditedElsewhere extends AppError {
  constructor(name: string) {
    super('changed_meanwhile', `${name} was edited at another server at this moment: try again`);
  }
}

/** On field `name`. */
export function nameTaken(name: string): AppError {
  return new AppError('name_taken', `the name ${name} is taken by another guest: choose another one`, {
    field: ['name'],
  });
}

/** What Prisma says of a name that a server of another host has given at the same moment. */
export function isTaken(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && error.code === 'P2002' && /"?name"?/.test(error.message)
  );
}
