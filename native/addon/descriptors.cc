// Descriptors that a library of Node's opened for programs too: node-pty's masters.
#include <fcntl.h>

#include "task.h"

namespace berth::addon {
namespace {

// keepFromPrograms(descriptor), at once: whoever calls it has started nothing since it was opened.
Napi::Value keep_from_programs(const Napi::CallbackInfo& info) {
  const int descriptor = info[0].ToNumber().Int32Value();
  if (fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) {
    to_js(info.Env(), fail("keep from programs", "descriptor " + std::to_string(descriptor)))
        .ThrowAsJavaScriptException();
  }
  return info.Env().Undefined();
}

}  // namespace

void add_descriptors(Napi::Env env, Napi::Object exports) {
  exports.Set("keepFromPrograms", Napi::Function::New(env, keep_from_programs));
}

}  // namespace berth::addon
