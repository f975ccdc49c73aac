// What the supervisor and the minimal init agree on. How that says that a signal ended its command: PID 1 of
// a pid namespace cannot end by one itself, so it exits with 128 + n and has "berth-init/n" for its name
// (prctl(PR_SET_NAME)), which nobody else can give it.
#pragma once

namespace berth {

// Where it says that the command cannot be run, before it is.
constexpr int kInitChannel = 3;
constexpr const char* kInitSignalled = "berth-init/";

}  // namespace berth
