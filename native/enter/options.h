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
  std::string program;  // of the host, run in the place of what command[0] names
  uint16_t columns = 80, rows = 24;
};

// enter exec --run-dir DIR
// enter session --run-dir DIR --session-dir DIR [--columns N] [--rows N]
// Whom to be, where, with what and what to run is read from descriptor 3 (protocol/README.md), as everybody
// can read a command line: it may hold secrets. By hand: [--user U] [--workdir D] -- [COMMAND...].
Result<Options> parse_options(int argc, char** argv);

}  // namespace berth
