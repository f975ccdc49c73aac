// The command line of enter.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "result.h"

namespace berth {

struct Options {
  bool session = false;  // else exec
  std::string run_dir, session_dir;
  std::string user = "root", workdir;
  std::vector<std::string> env, command;
  uint16_t columns = 80, rows = 24;
};

// enter exec --run-dir DIR [--user U] [--workdir D] [--env K=V]... -- COMMAND...
// enter session --run-dir DIR --session-dir DIR [--columns N] [--rows N] [--user U] [--workdir D] [--env
// K=V]... -- [COMMAND...]
Result<Options> parse_options(int argc, char** argv);

}  // namespace berth
