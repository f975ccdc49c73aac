// Starting our own programs: their descriptors, and what they report.
#pragma once

#include <sys/types.h>

#include <ctime>
#include <string>
#include <vector>

#include "fd.h"
#include "result.h"

namespace berth::addon {

// A descriptor above those that a started program finds open.
Fd lift(Fd fd);
// A memfd with these bytes, at its beginning, that nobody can change any more.
Result<Fd> sealed(const std::string& bytes);
// Run COMMAND with SPEC as descriptor 3, REPORT as 4, /dev/null as 0 to 2 and nothing else. Both are lifted.
Result<pid_t> spawn_with(const std::vector<std::string>& command, int spec, int report);
// The whole of a start report; ETIMEDOUT when it takes too long.
Result<std::string> read_report(int fd);
void wait_for(pid_t pid);

// What a started program is known by: another build of it has come in its place when this differs.
struct ProgramFacts {
  dev_t device = 0;
  ino_t inode = 0;
  timespec changed = {};
  bool operator==(const ProgramFacts& other) const {
    return device == other.device && inode == other.inode && changed.tv_sec == other.changed.tv_sec &&
           changed.tv_nsec == other.changed.tv_nsec;
  }
};
Result<ProgramFacts> facts_of(const std::string& path);

}  // namespace berth::addon
