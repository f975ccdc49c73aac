// What Node cannot do itself. Arguments come from native/lib, which has checked their types.
#include "task.h"

namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  berth::addon::add_cgroups(env, exports);
  berth::addon::add_limits(env, exports);
  berth::addon::add_usage(env, exports);
  berth::addon::add_network(env, exports);
  berth::addon::add_processes(env, exports);
  berth::addon::add_ended_runs(env, exports);
  berth::addon::add_probes(env, exports);
  berth::addon::add_signals(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(berth, init)
