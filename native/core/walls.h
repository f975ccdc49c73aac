// The walls that a process puts around itself just before it becomes the guest's program: capabilities(7),
// seccomp(2), prctl(2), keyrings(7), close_range(2).
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "result.h"

namespace berth {

struct User {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
};

struct Walls {
  uint64_t capabilities = 0;
  bool no_new_privs = true;
  std::string filter;  // bytes of the compiled seccomp program
};

// "uid 0" of a new user namespace, before anything is made in it: ids and groups only.
Status become_root();
// All walls, in the order in which each still may be raised; then the user. Nothing but exec may follow.
Status raise_walls(const Walls& walls, const User& user);
// Only 0, 1 and 2 stay open past exec, no signal is blocked or ignored, the umask is 022.
Status clean_process();
// The host's services may be spared when memory runs out (oom_score_adj, proc(5)), a guest is not: for the
// child, while it sees the host's /proc.
void give_up_memory_protection();
// A terminal as 0, 1 and 2.
Status use_terminal(int terminal);

}  // namespace berth
