// Places inside a guest on which something is mounted: found below its root, whatever links it has prepared.
#pragma once

#include <sys/types.h>

#include <string>

#include "result.h"

namespace berth {

// What a mount shows, to be told from what the guest mounted there itself.
struct Origin {
  enum class Kind { kAny, kFile, kNode } kind = Kind::kAny;
  dev_t device = 0;
  ino_t inode = 0;
};

// Mount the detached TREE on TARGET; what is missing on the way is made. False: it was there already.
Result<bool> put_on_target(int root, const std::string& target, int tree, bool folder);
// Unmount what is on top there if it is of ORIGIN; a node's empty file goes too. Idempotent.
Status take_off_target(int root, const std::string& target, const Origin& origin);

}  // namespace berth
