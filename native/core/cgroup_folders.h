// The folders of a group in one hierarchy, and the controllers that v2 hands down to them.
#pragma once

#include <string>

#include "cgroup.h"

namespace berth::cgroup_folders {

// Make PATH below the hierarchy, parents too; the last one's descriptor (O_PATH). `made` stays true only if
// that was not there before.
Result<Fd> make(const Hierarchy& hierarchy, const std::string& path, bool& made);
// v2: let the groups in DIR have the controller.
Status lend(int dir, const std::string& controller);
// Of words that spaces and newlines part.
bool has_word(const std::string& text, const std::string& word);

}  // namespace berth::cgroup_folders
