// What a running guest has mounted beside its root: folders and files of the host, and nodes of its devices.
// They come and go in a process of their own that has the guest's powers by the time it touches anything that
// the guest may have prepared: the path of a target is walked inside the guest's root, as its root.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "fd.h"
#include "result.h"
#include "spec.h"

namespace berth {

// Where a guest's mounts are, and whose powers hold there.
struct MountPlace {
  Fd user, mounts;  // its namespaces
  std::vector<IdMap> uids, gids;
};

// Of the guest whose init is INIT_PID.
Result<MountPlace> mount_place_of(int init_pid);

// Mount all of it, or nothing. What a target lacks is made (folders 0755, an empty file where a file is
// mounted); a target that is a symlink, and one in a proc or sysfs, is refused. Read-only and the like are
// locked: the guest's own root may unmount, but not loosen. Idempotent: what is there already stays.
Status add_to_guest(const MountPlace& place, const std::vector<BindMount>& mounts,
                    const std::vector<GuestDevice>& devices);
// Unmount what is there of it, from under who uses it (MNT_DETACH). What the guest mounted there itself
// stays.
Status remove_from_guest(const MountPlace& place, const std::vector<BindMount>& mounts,
                         const std::vector<GuestDevice>& devices);

// Everything that the device filter lets through: the walls' rules and the guest's own devices.
std::vector<std::string> device_rules(const Spec& spec);

}  // namespace berth
