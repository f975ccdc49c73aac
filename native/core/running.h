// A guest that runs, found by its run folder.
#pragma once

#include <string>

#include "fd.h"
#include "result.h"

namespace berth {

struct RunningInit {
  int pid = 0;
  Fd process;  // pidfd of exactly the init that `state` names
};

// ESRCH: it does not run; a pid that another process has got since counts as that.
Result<RunningInit> find_running(const std::string& run_dir);

}  // namespace berth
