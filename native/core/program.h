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
// execve(2) of `file`, else args[0], by PATH of `env` when it has no slash. Returns only the failure, with
// what was tried.
Error run_program(const std::vector<std::string>& args, const std::vector<std::string>& env,
                  const std::string& file = {});
// execveat(2) of an open file.
Error run_descriptor(int file, const std::vector<std::string>& args, const std::vector<std::string>& env);

}  // namespace berth
