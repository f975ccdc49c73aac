// Programs of the administrator at the stages of a guest's life, as the OCI runtime specification has them
// (config.md, POSIX-platform Hooks): the state comes as JSON on standard input.
#pragma once

#include <functional>
#include <string>

#include "result.h"
#include "spec.h"

namespace berth {

bool has_hooks(const Spec& spec, const char* stage);

// The state of the guest; PID 0 for one that has ended.
std::string hook_state(const Spec& spec, const char* status, int pid);

// Run those of a stage in their order, each in a process of its own that `prepare` makes what it has to be:
// nothing but exec may follow it. The first that fails ends it: ECANCELED or ETIMEDOUT, with what became of
// it in the path.
Status run_hooks(const Spec& spec, const char* stage, const std::string& state,
                 const std::function<Status()>& prepare);

}  // namespace berth
