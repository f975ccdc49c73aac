// What comes into a guest is put together on a file system that only Berth's own process sees, and copied
// from there by a less privileged mount namespace: so its flags hold against the guest's own root.
#pragma once

#include <string>
#include <vector>

#include "fd.h"
#include "guest_mounts.h"
#include "result.h"
#include "spec.h"

namespace berth {

// One thing to mount: where it comes from on the staging file system, and where it goes.
struct Piece {
  std::string entry;  // on the staging file system
  std::string target;
  bool folder = false;
  bool shared = false;  // to be made shared again, in the guest
  Fd tree;
};

// A detached mount of a source on the host, with all that makes it the guest's; FOLDER says what it is.
Result<Fd> copy_source(const BindMount& mount, int user_namespace, bool& folder);

// A file system of this process's own mount namespace, which it makes.
Result<Fd> make_staging();

// Mount the piece's tree on its entry.
Status stage(int staging, const Piece& piece);

// The node of a device as the piece's entry, with the owner that the guest knows it by.
Status make_node(const MountPlace& place, int staging, const Piece& piece, const GuestDevice& device);

// Copies of mounts that a less privileged namespace takes keep their flags for good, which is what makes
// read-only a wall (mount_namespaces(7)). So everything is mounted on a file system of ours first; the
// namespace that copies it is nobody's but this process's. Each piece gets its copy as tree.
Status lock(const MountPlace& place, int staging, std::vector<Piece>& pieces);

}  // namespace berth
