#include "mounts.h"
#include "task.h"

namespace berth::addon {

// unmountExactly(path)
void add_unmount(Napi::Env env, Napi::Object exports) {
  exports.Set("unmountExactly", Napi::Function::New(env, [](const Napi::CallbackInfo& info) -> Napi::Value {
                return run_status(info.Env(), [path = text(info[0])] { return unmount_exactly(path); });
              }));
}

}  // namespace berth::addon
