// The process that joins a guest, between fork and exec.
#pragma once

#include "join.h"

namespace berth {

struct InsidePlan {
  const Target& target;
  const Options& options;
  int channel;
};

// Returns the failure.
Error become_inside(const InsidePlan& plan);

}  // namespace berth
