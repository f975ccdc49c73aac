import { fileURLToPath } from 'node:url';
import { NativeKernel } from '../../native/lib/kernel.ts';
import { bootId } from '../child/process-identity.ts';
import type { Instance } from '../instance/instance.ts';
import { createContext, type RuntimeOptions } from './context.ts';
import { guestChanges } from './guest-changes.ts';
import { guestReadings } from './guest-readings.ts';
import { guestRuns } from './guest-runs.ts';
import { guestTerminals } from './guest-terminals.ts';
import { hostVerbs } from './host-verbs.ts';
import type { RuntimePort } from './port.ts';

/** Where node-gyp puts what it builds. */
const NATIVE_DIR = fileURLToPath(new URL('../../native/build/Release', import.meta.url));

/** The runtime port over supervisors, `enter` and the native library. Dispose of it to let everything run on without us. */
export type Runtime = RuntimePort & AsyncDisposable;

/** The runtime of an instance on this kernel. `onFault` hears of what goes wrong while nobody waits for it. */
export function createRuntime(options: {
  instance: Instance;
  onFault: (guest: string, error: unknown) => void;
}): Runtime {
  return runtimeOf({ ...options, kernel: new NativeKernel(options.instance.dataDir), nativeDir: NATIVE_DIR });
}

function runtimeOf(options: RuntimeOptions): Runtime {
  const context = createContext(options);
  const host = hostVerbs(context);
  return {
    bootId: bootId(),
    ...guestRuns(context),
    ...guestChanges(context),
    ...guestReadings(context),
    ...guestTerminals(context),
    ...host,
    [Symbol.asyncDispose]: async () => {
      await context.sessions[Symbol.asyncDispose]();
      await context.running[Symbol.asyncDispose]();
      context.watch[Symbol.dispose]();
      await host.stopForking();
    },
  };
}

/** `RuntimePort.whyNot` where no server runs. `folder`: where guests' layers would be; their file system is tried too. */
export function hostProber(folder: string): (probe: string) => Promise<string | null> {
  const kernel = new NativeKernel(folder);
  return (probe) => kernel.whyNot(probe);
}
