// The device whitelist of cgroup v2: a BPF program on the group (Documentation/admin-guide/cgroup-v2.rst,
// Device controller).
#pragma once

#include <string>
#include <vector>

#include "result.h"

namespace berth {

// Refuse every device to the v2 group at DIR but `rules` ("c 1:3 rwm", "c 136:* rw", "b *:* m").
// EINVAL names a rule that is none.
Status attach_device_filter(int dir, const std::vector<std::string>& rules);

// The same for a group that has such a filter already: it is exchanged, so that at no moment everything or
// nothing is refused.
Status replace_device_filter(int dir, const std::vector<std::string>& rules);

}  // namespace berth
