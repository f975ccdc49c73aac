import { setFlagsFromString } from 'node:v8';

// V8 that puts optimized code in the place of its baseline code falls under QEMU's emulation now and then: WebAssembly, looking
// at a stack of its own (Runtime_WasmTriggerTierUp, StartOfJitAllocationAt; a tenth of the runs of one file; Prisma's query
// compiler is such code), and JavaScript, by a SIGSEGV within code that it made. Baseline code is never replaced.
for (const flag of ['--liftoff-only', '--no-maglev', '--no-opt']) setFlagsFromString(flag);
