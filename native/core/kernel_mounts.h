// File systems that show a guest's namespaces, made with the host's powers, so that the guest does not own
// them.
#pragma once

#include <linux/mount.h>

#include <string>
#include <vector>

#include "fd.h"
#include "result.h"
#include "rootfs.h"

namespace berth {

constexpr uint64_t kStrictMount = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

struct KernelMounts {
  Fd proc, sys;
  Fd cgroups;            // only where the cgroup namespace is not the guest's own
  std::string hostname;  // of the guest's UTS namespace
  std::vector<InsideMount> inside;
};

// Children of this process are born in the guest's pid namespace from now on.
Result<KernelMounts> kernel_mounts(const RootPlan& plan);

}  // namespace berth
