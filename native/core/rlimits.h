// Limits of a process, which its children inherit: getrlimit(2).
#pragma once

#include <vector>

#include "result.h"
#include "spec.h"

namespace berth {

// Of the process PID, 0 being this one. EINVAL, with the name: there is no such limit; EPERM: its hard limit
// is over that of this process.
Status set_rlimits(const std::vector<Rlimit>& limits, int pid);

}  // namespace berth
