// Work that changes what a process is (its namespaces, its user), done by a child of its own.
#pragma once

#include <functional>

#include "fd.h"
#include "result.h"

namespace berth {

// Run it in a child, which is killed when it takes longer than 20 s (a file system of the guest may never
// answer); its error comes back.
Status work_inside(const std::function<Status()>& work);

// For that child. Whether the process is in this user namespace already.
bool is_own_user_namespace(int user_namespace);
// Become root of that user namespace; false: it is this process's own, nothing changed.
Result<bool> join_user_namespace(int user_namespace);
// Join the mounts, as root of their namespace; the root of them, O_PATH.
Result<Fd> join_mounts(int mount_namespace);

}  // namespace berth
