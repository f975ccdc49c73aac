// Becoming the guest's program.
#pragma once

#include <string>
#include <vector>

#include "result.h"

namespace berth {

// Go to `workdir` of the guest, whichever root this process has, and make sure to be inside it
// (CVE-2024-21626).
Status enter_workdir(const std::string& workdir);
// The value of NAME in `NAME=VALUE` entries, or `otherwise`.
std::string environment_of(const std::vector<std::string>& env, const std::string& name,
                           const std::string& otherwise);
// This process, and what it starts, is taken from the processor for another guest's process that wakes after
// 0.1 ms rather than after its slice, at the tick (4 ms where HZ is 250), and has its share all the same. Not
// a wall: a guest may choose longer ones, and is then the one that gives way. Before Linux 6.12 there is no
// such thing.
void run_in_short_slices();
// execve(2) of `file`, else args[0], by PATH of `env` when it has no slash. Returns only the failure, with
// what was tried.
Error run_program(const std::vector<std::string>& args, const std::vector<std::string>& env,
                  const std::string& file = {});
// execveat(2) of an open file.
Error run_descriptor(int file, const std::vector<std::string>& args, const std::vector<std::string>& env);

}  // namespace berth
