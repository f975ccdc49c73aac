// Files of /proc and /sys that tell the limits of a guest instead of the host's size, as lxcfs makes them
// (lxcfs(1)).
#pragma once

#include <string>
#include <vector>

#include "result.h"
#include "spec.h"

namespace berth {

// Mount them over those of the guest at ROOT, with the host's powers; those that are masked stay so. Again
// over what is there already, when lxcfs was started anew. A file that lxcfs does not have, or cannot give at
// the moment, stays the kernel's.
Status cover_with_lxcfs(const Spec& spec, int root);

// The same for the running guest whose init is INIT_PID; the kernel's own files where lxcfs is not there any
// more.
Status renew_lxcfs(const Spec& spec, int init_pid);

}  // namespace berth
