#pragma once

#include <vector>

#include "fd.h"

namespace berth::addon {

// Close them on a thread that is there while there are any: the last close of a file that has no name any
// more gives its blocks back. With too many waiting, here and now.
void close_later(std::vector<Fd> descriptors);

}  // namespace berth::addon
