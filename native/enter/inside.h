// The process that joins a guest, between fork and exec.
#pragma once

#include "join.h"

namespace berth {

struct InsidePlan {
  const Target& target;
  const Options& options;
  int channel;
  bool born_in_group;  // clone3 has put it into the v2 group already
  int program;         // to run in the place of the command; -1: the guest's own
};

// Returns the failure.
Error become_inside(const InsidePlan& plan);

}  // namespace berth
