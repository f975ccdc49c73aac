// Read-only mounts that the fork server makes once for all of its children: the minimal init, and the empty
// folder that hides others. Each guest's own would have to be made, and to be waited for when it ends; and
// each superblock costs every memory group of the host some memory.
#pragma once

#include <string>

#include "fd.h"
#include "result.h"

namespace berth {

// `program` of this process, beside which init is. What cannot be kept is made by whoever needs it.
void keep_mounts(const std::string& program);

// The descriptors from here on are nobody's.
unsigned first_stray();

// A read-only mount of the file PATH: the kept one while it is the same file, else one of its own.
Result<Fd> init_mount(const std::string& path);

// -1: none is kept.
int kept_empty_folder();

}  // namespace berth
