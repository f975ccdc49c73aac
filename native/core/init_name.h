// How a minimal init says that a signal ended its command: PID 1 of a pid namespace cannot end by one itself,
// so it exits with 128 + n and has "berth-init/n" for its name (prctl(PR_SET_NAME)), which nobody else can
// give it.
#pragma once

namespace berth {

constexpr const char* kInitSignalled = "berth-init/";

}  // namespace berth
