// What Node cannot do itself. Arguments come from native/lib, which has checked their types.
#include <malloc.h>

#include "task.h"

namespace {

// A server runs for months. By default the allocator has eight pools a processor, each of which keeps what
// its busiest moment took, and learns to keep ever larger blocks.
constexpr int kPools = 2;
constexpr int kKeptBytes = 256 * 1024;

void bound_allocator() {
  mallopt(M_ARENA_MAX, kPools);
  mallopt(M_MMAP_THRESHOLD, kKeptBytes);  // either of the two ends the learning
  mallopt(M_TRIM_THRESHOLD, kKeptBytes);
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  bound_allocator();
  berth::addon::add_cgroups(env, exports);
  berth::addon::add_limits(env, exports);
  berth::addon::add_usage(env, exports);
  berth::addon::add_network(env, exports);
  berth::addon::add_processes(env, exports);
  berth::addon::add_ended_runs(env, exports);
  berth::addon::add_probes(env, exports);
  berth::addon::add_signals(env, exports);
  berth::addon::add_descriptors(env, exports);
  berth::addon::add_memory(env, exports);
  berth::addon::add_unmount(env, exports);
  berth::addon::add_datagram(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(berth, init)
