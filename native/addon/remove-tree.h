#pragma once

#include <string>

#include "result.h"

namespace berth::addon {

// Remove the folder PATH with all below it. Follows no symbolic link and leaves other file systems alone
// (EXDEV): what is in there was written by a guest. Nothing there is success.
Status remove_tree(const std::string& path);

}  // namespace berth::addon
