import { enableCompileCache } from 'node:module';

// Stripping types costs more than all the rest of a short command; with the cache it is done once.
enableCompileCache();
const { runCli } = await import('./run-cli.ts');
const status = await runCli(process.argv.slice(2));
// stdin may be a terminal or a pipe that nobody closes: what is to be written is, then nothing keeps us.
process.exitCode = status;
process.stdin.destroy();
