#include "group-lines.h"

#include <algorithm>

namespace berth::addon {
namespace {

// Whether a line of /proc/PID/cgroup is of `group` (berth0/guests/ID) or of one below it. Where a guest gives
// a group of its own such a name, the guest's real one stands before it.
bool is_of(const std::string& path, const std::string& group) {
  const std::string parent = "/" + group.substr(0, group.rfind('/') + 1);
  const size_t at = path.find(parent);
  if (at == std::string::npos || path.compare(at + 1, group.size(), group) != 0) {
    return false;
  }
  const size_t end = at + 1 + group.size();
  return end == path.size() || path[end] == '/';
}

}  // namespace

bool is_in_group(const std::string& text, const std::string& group) {
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    const std::string line = text.substr(start, end - start);
    const size_t path = line.find(':', line.find(':') + 1);
    if (path != std::string::npos && is_of(line.substr(path + 1), group)) {
      return true;
    }
    start = end + 1;
  }
  return false;
}

}  // namespace berth::addon
