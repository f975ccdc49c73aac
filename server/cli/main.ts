import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Stripping types costs more than all the rest of a short command; with the cache it is done once. Not in /tmp, where
// Node would put it: what root runs must lie where only root writes.
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/berth'));
const { runCli } = await import('./run-cli.ts');
process.exitCode = await runCli(process.argv.slice(2));
