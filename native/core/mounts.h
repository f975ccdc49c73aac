// Mounts by descriptor, never by a path that a guest may have changed: fsopen(2), fsmount(2), open_tree(2),
// move_mount(2), openat2(2).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "fd.h"
#include "result.h"

namespace berth {

struct NewMount {
  const char* type;
  std::vector<std::pair<const char*, std::string>> options;  // an empty value: a flag
  uint64_t attributes = 0;                                   // MOUNT_ATTR_*
};

// A mount of a new file system that is nowhere yet.
Result<Fd> make_mount(const NewMount& wanted);
// PATH inside the tree of `root`: symlinks stay inside it, magic links are refused.
Result<Fd> open_inside(int root, const std::string& path, int flags);
// Put the detached `mount` on the file or folder that `target` is (O_PATH will do).
Status attach(int mount, int target);
// A detached copy of what `source` names below `dir` ("" for `dir` itself).
Result<Fd> copy_tree(int dir, const char* source, bool recursive);
// Unmount what is mounted at PATH, and nothing else: no link on the way is followed (ELOOP), and it goes by
// the descriptor that was found. EINVAL: nothing is.
Status unmount_exactly(const std::string& path);
Status set_attributes(int mount, uint64_t attributes, int user_namespace = -1, bool recursive = false);

}  // namespace berth
