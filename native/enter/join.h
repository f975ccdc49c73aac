// Joining a running guest: its cgroups, all its namespaces, its walls.
#pragma once

#include <optional>
#include <string>

#include "cgroup.h"
#include "channel.h"
#include "fd.h"
#include "options.h"
#include "result.h"
#include "spec.h"

namespace berth {

struct Target {
  Spec spec;
  std::string filter;
  int init_pid = 0;
  Fd init;  // pidfd of exactly the init that `state` names
  std::optional<CgroupLayout> layout;
  std::optional<Cgroup> cgroup;
};

// The guest whose run folder this is. ESRCH: it does not run; a pid that another process has got since counts
// as that.
Result<Target> find_target(const std::string& run_dir);

struct Joined {
  int pid = -1;  // as seen from here
  Fd process;    // pidfd
  Fd channel;
};

// Fork a process that joins `target` and becomes the command. Over the channel come kTerminal (only of a
// session), then kGone when exec succeeded, or kFailed.
Result<Joined> spawn_inside(const Target& target, const Options& options);

int run_exec(const Options& options);
int run_session(const Options& options);

}  // namespace berth
