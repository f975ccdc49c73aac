// The root of a guest, in two halves: what only the host's root can do (an overlay over the shared image,
// locked masks), and what the guest's own root does inside (its own /dev, pivot_root).
#pragma once

#include <string>

#include "fd.h"
#include "result.h"
#include "spec.h"

namespace berth {

// Supervisor's half, in a mount namespace of its own. Mounts the overlay of image and upper, both idmapped by
// the user namespace of `init_pidfd`, on the guest's folder, with proc, sysfs and mqueue of the guest's
// namespaces and the masks on them. A child that shares the namespace and then takes its own copy (a less
// privileged one) gets all these locked: it cannot lift a mask, nor mount a second proc that has none.
// Returns the root, O_PATH.
Result<Fd> build_root(const Spec& spec, int init_pidfd, int user_namespace);

// Child's half: make `root` the whole world of this process, with /dev, /dev/pts, /dev/shm and, for a system
// guest, /run and /tmp. The process must be root of the guest's user namespace already. Returns the master of
// a terminal of the guest's own devpts, bound on /dev/console; `peer` receives the slave.
Result<Fd> enter_root(const Spec& spec, int root, Fd& peer);

// A new terminal of the devpts mounted on `dev_pts` ("/dev/pts"); refuses anything that is no devpts.
Result<Fd> open_terminal(const char* dev_pts, Fd& peer);

}  // namespace berth
