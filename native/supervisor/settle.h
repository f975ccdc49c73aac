#pragma once

#include "spec.h"

namespace berth {

// Whether init waits for kSettled, after its root and before its walls.
bool settles(const Spec& spec);

}  // namespace berth
