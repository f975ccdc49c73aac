// The minimal init, on a read-only mount that the fork server makes once for all of its children: each of
// their own would have to be made, and to be waited for when it ends.
#pragma once

#include <string>

#include "fd.h"
#include "result.h"

namespace berth {

// `program` of this process, beside which init is. What cannot be kept is mounted by whoever needs it.
void keep_init(const std::string& program);

// The descriptors from here on are nobody's.
unsigned first_stray();

// A read-only mount of the file PATH: the kept one while it is the same file, else one of its own.
Result<Fd> init_mount(const std::string& path);

}  // namespace berth
