// /proc/PID/cgroup, whose lines end with names that a guest gave: whether a process is one of a guest's, as
// who sends it a signal asks. The first line is the group of a guest.
#include "fuzz.h"
#include "group-lines.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace berth;
  const std::string text(fuzz::bytes_of(data, size));
  const size_t end = text.find('\n');
  if (end == std::string::npos) {
    return 0;
  }
  const std::string lines = text.substr(end + 1);
  for (const std::string& group : {std::string("berth0/guests/a1"), text.substr(0, end)}) {
    // As the server names groups: never empty, never with an end of a line.
    if (group.empty() || group.front() == '/' || group.back() == '/') {
      continue;
    }
    const bool inside = addon::is_in_group(lines, group);
    fuzz::promise(!inside || lines.find("/" + group) != std::string::npos,
                  "a group is in who it is named by");
    // What a guest names below its own group takes it neither out of it nor into another one's.
    const std::string own = "0::/berth0/guests/own/" + lines.substr(0, lines.find('\n')) + "\n";
    fuzz::promise(addon::is_in_group(own, "berth0/guests/own"), "a guest's process is its own");
    if (group != "berth0/guests/own" && group.starts_with("berth0/guests/") &&
        group.find('/', 14) == std::string::npos) {
      fuzz::promise(!addon::is_in_group(own, group), "a guest's process is no other guest's");
    }
  }
  return 0;
}
