import { enableCompileCache, flushCompileCache } from 'node:module';
import { checkRoot } from './check-host.ts';
import { readEnv } from './env.ts';
import { AppError } from './errors/app-error.ts';
import { ERROR_TABLE } from './errors/error-table.ts';
import { armFailpoints } from './failpoint/failpoint.ts';
import { claimSlot } from './instance/claim-slot.ts';
import { compileCache } from './instance/compile-cache.ts';
import { createLog } from './log.ts';
import type { StopServer } from './start-server.ts';

const log = createLog();

/** Claim, start, and stop when asked. Guests and shells go on in any case. */
async function main(): Promise<void> {
  checkRoot();
  const env = readEnv();
  armFailpoints(env.failpoints);
  if (env.failpoints !== null) log.warn('faults will happen as BERTH_FAILPOINTS says: this is a test');
  const instance = await claimSlot(env.dataDir, { slot: env.slot });
  log.info('starting', { pid: process.pid, data: instance.dataDir, slot: instance.slot });
  enableCompileCache(compileCache(instance.dataDir));
  const { startServer } = await import('./start-server.ts');
  const { createRuntime } = await import('./runtime/create-runtime.ts');
  const { createNetworkService } = await import('./network/create-network-service.ts');
  const runtime = createRuntime({
    instance,
    onFault: (guest, error) => log.error('something went wrong around a guest', { guest, error }),
  });
  const stop = await startServer({ env, instance, log, runtime, createNetwork: createNetworkService });
  stopOnSignals(stop);
  // Now, as a server that is killed writes nothing at its end.
  flushCompileCache();
}

function stopOnSignals(stop: StopServer): void {
  let stopping = false;
  const leave = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    log.info(`stopping (${signal})`);
    stop().then(
      () => {
        log.info('stopped');
        process.exit(0);
      },
      (error: unknown) => fail('stopping failed', error),
    );
  };
  process.on('SIGTERM', leave);
  process.on('SIGINT', leave);
  // Of no use to a server: a terminal that closes must not end it.
  process.on('SIGHUP', () => undefined);
}

/** Say why, once for a person and with everything for the log, and end with the code's exit status. */
function fail(what: string, error: unknown): never {
  if (error instanceof AppError) {
    process.stderr.write(`berth: ${error.message}\n`);
    if (error.cause !== undefined) log.error(what, { error });
    process.exit(ERROR_TABLE[error.code].exit);
  }
  log.error(what, { error });
  process.exit(1);
}

// Whoever read our log may go away; that is no reason to end.
process.stderr.on('error', () => undefined);
process.on('unhandledRejection', (error) => log.error('a promise was rejected and nobody looked', { error }));
process.on('uncaughtException', (error) => fail('ended by surprise', error));

main().catch((error: unknown) => fail('cannot start', error));
