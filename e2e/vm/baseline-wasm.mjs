import { setFlagsFromString } from 'node:v8';

// V8 that puts optimized WebAssembly in the place of its baseline code falls under QEMU's emulation now and then, looking
// at a stack of its own (Runtime_WasmTriggerTierUp, StartOfJitAllocationAt; a tenth of the runs of one file). Prisma's
// query compiler is such code. Baseline code is never replaced.
setFlagsFromString('--liftoff-only');
