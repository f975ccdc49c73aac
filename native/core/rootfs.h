// The root of a guest, in two halves: what only the host's root can do (an overlay over the shared image,
// locked masks), and what the guest's own root does inside (its own /dev, pivot_root).
#pragma once

#include <string>
#include <vector>

#include "fd.h"
#include "namespaces.h"
#include "result.h"
#include "spec.h"

namespace berth {

// Supervisor's half, in a mount namespace of its own. Mounts the overlay of image and upper, both idmapped by
// the user namespace of `init_pidfd`, on the guest's folder, with proc, sysfs and mqueue of the guest's
// namespaces and the masks on them. A child that shares the namespace and then takes its own copy (a less
// privileged one) gets all these locked: it cannot lift a mask, nor mount a second proc that has none.
// Without a user namespace of its own the files are as they are on disk, and nothing is locked.
struct RootPlan {
  const Spec& spec;
  const std::vector<Lender>& lenders;
  int init_pidfd;
  int user_namespace;  // -1: the host's
  uint32_t root_id;    // of the guest's root on the host
  int empty_folder;    // of make_empty_folder(), shared by guests that cannot write to it; -1: none
};

// A mount that waits for its place, which the child makes: a path below the guest's root.
struct InsideMount {
  std::string target;
  Fd mount;
};

struct GuestRoot {
  Fd layers;  // locked for as long as there is an overlay of them
  Fd top;     // O_PATH
  std::vector<InsideMount> inside;
  std::vector<Fd> spent;  // of no use any more, see mount_overlay()
};
// A mount of its own that hides folders: read-only, nothing in it.
Result<Fd> make_empty_folder();
Result<GuestRoot> build_root(const RootPlan& plan);
// Cover what the spec masks, and make read-only what it wants so, below the root that `root` is.
Status mask_all(const RootPlan& plan, int root);
// hostname, hosts and resolv.conf of the guest whose root this is: what it has there itself, a link say, is
// replaced, never followed.
Status write_identity(int root, const Spec& spec, const std::string& hostname);

// Child's half: make `root` the whole world of this process, with /dev, /dev/pts, /dev/shm and, for a system
// guest, /run and /tmp. The process must be root of the guest's user namespace already. Returns the master of
// a terminal of the guest's own devpts, bound on /dev/console; `peer` receives the slave.
Result<Fd> enter_root(const Spec& spec, const GuestRoot& root, Fd& peer);

// A new terminal of the devpts mounted on `dev_pts` ("/dev/pts"); refuses anything that is no devpts.
Result<Fd> open_terminal(const char* dev_pts, Fd& peer);

}  // namespace berth
