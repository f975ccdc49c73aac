/**
 * The whole environment of a child: nothing of ours is inherited. NODE_ENV is in it because Next.js declares it
 * as part of every process's environment.
 */
export function childEnv(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { NODE_ENV: 'production', ...variables };
}
