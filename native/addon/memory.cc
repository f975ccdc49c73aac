// Memory that was freed and that malloc keeps for later.
#include <malloc.h>

#include "task.h"

namespace berth::addon {
namespace {

// giveBackMemory(): off the event loop, as each arena is locked meanwhile.
Napi::Value give_back_memory(const Napi::CallbackInfo& info) {
  return run_status(info.Env(), [] {
    malloc_trim(0);
    return ok();
  });
}

}  // namespace

void add_memory(Napi::Env env, Napi::Object exports) {
  exports.Set("giveBackMemory", Napi::Function::New(env, give_back_memory));
}

}  // namespace berth::addon
