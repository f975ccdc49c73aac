import { setFlagsFromString } from 'node:v8';

// V8 that puts optimized code in the place of its baseline code falls under QEMU's emulation now and then: WebAssembly, looking
// at a stack of its own (Runtime_WasmTriggerTierUp, StartOfJitAllocationAt; a tenth of the runs of one file; Prisma's query
// compiler is such code), and JavaScript, by a SIGSEGV within code that it made. Baseline code is never replaced.
// What one flag implies counts only for flags of the command line, so all are here.
for (const flag of [
  '--liftoff-only',
  '--no-wasm-tier-up',
  '--no-wasm-dynamic-tiering',
  '--no-maglev',
  '--no-opt',
])
  setFlagsFromString(flag);
