import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

// No engine is downloaded: the WebAssembly build from npm does its work.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(
  new URL('prisma/engine/schema-engine.mjs', import.meta.url),
);

/** For developers' `prisma` commands; DATABASE_URL names the database that `migrate dev` works on. */
export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
