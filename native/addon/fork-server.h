// The process that becomes supervisors (supervisor/fork_server.cc), one for the groups of an instance:
// started with the first guest, replaced when it has ended or another build of it has come, gone with this
// process.
#pragma once

#include <string>
#include <vector>

#include "result.h"

namespace berth::addon {

struct SupervisorStart {
  std::string program, group;
  std::string spec;
  std::string folder;               // of the run folders, made if missing
  std::vector<std::string> forget;  // files of an earlier run
};

// The text of the supervisor's start report.
Result<std::string> start_supervisor(const SupervisorStart& start);

// End it and wait for its end; supervisors go on.
void stop_fork_server(const std::string& group);

}  // namespace berth::addon
