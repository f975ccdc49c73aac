// Becoming a process of its own: what holds a guest's or a shell's terminal outlives whoever started it.
#pragma once

#include <string>

#include "cgroup.h"
#include "result.h"
#include "wire.h"

namespace berth {

// fork(2) by clone3(2): 0 in the child. `group`: of v2, to be born in, or -1. `pidfd` receives the child's.
long clone_process(int group, int& pidfd);

// The first argument of a supervisor that becomes many (supervisor/fork_server.h); the second is their
// groups'.
constexpr const char* kForkServer = "fork-server";

// Close what the caller forgot to: all but 0 to 4, and what is below `first`. First of all, before anything
// is opened.
void close_strays(unsigned first = wire::kReportDescriptor + 1);

// The caller's process exits with 0; a child of it goes on, in the groups `path` of all hierarchies (made if
// missing), in a session of its own at /, with /dev/null as 0, 1 and 2: the caller's pipes must not stay
// open. It is born in the group of v2 and moves itself in the others: the move of a whole process can wait 10
// ms and more for an idle machine's other processors.
Status detach(const CgroupLayout& layout, const std::string& path);

// This process joins these groups; whatever it forks is born in them.
Status join_supervisors(const CgroupLayout& layout, const std::string& path);

}  // namespace berth
