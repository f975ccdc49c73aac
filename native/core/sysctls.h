// Settings of the kernel that belong to namespaces of a guest: sysctl.d(5),
// Documentation/admin-guide/sysctl/.
#pragma once

#include "result.h"
#include "spec.h"

namespace berth {

// EINVAL, with the name: one is not of a namespace that the guest has of its own.
Status check_sysctls(const Spec& spec);
// Write them, once checked, in the namespaces of INIT_PID: with the rights of its own root wherever the
// kernel allows it.
Status write_sysctls(const Spec& spec, int init_pid);

}  // namespace berth
