// Mounts and devices of a running guest that come and go: enter mount|unmount|plug|unplug --run-dir DIR
// VALUE, with VALUE as the spec has it (protocol/README.md). The spec in the run folder follows. enter lxcfs
// --run-dir DIR: mount the files of lxcfs again, after it was started anew.
#pragma once

#include <string_view>

namespace berth {

bool is_plug_verb(std::string_view verb);
// The exit status: 0, or 125 with `error ERRNO ACTION PATH` on standard error.
int run_plug(int argc, char** argv);

}  // namespace berth
