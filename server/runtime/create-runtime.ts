import { fileURLToPath } from 'node:url';
import { NativeKernel } from '../../native/lib/kernel.ts';
import type { Instance } from '../instance/instance.ts';
import { Runtime } from './adapter.ts';

/** Where node-gyp puts what it builds. */
const NATIVE_DIR = fileURLToPath(new URL('../../native/build/Release', import.meta.url));

/** The runtime of an instance on this kernel. `onFault` hears of what goes wrong while nobody waits for it. */
export function createRuntime(options: {
  instance: Instance;
  onFault: (guest: string, error: unknown) => void;
}): Runtime {
  const { instance, onFault } = options;
  return new Runtime({
    instance,
    kernel: new NativeKernel(instance.dataDir),
    nativeDir: NATIVE_DIR,
    onFault,
  });
}

/** `RuntimePort.whyNot` where no server runs. `folder`: where guests' layers would be; their file system is tried too. */
export function hostProber(folder: string): (probe: string) => Promise<string | null> {
  const kernel = new NativeKernel(folder);
  return (probe) => kernel.whyNot(probe);
}
