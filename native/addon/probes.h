// Attempts at what guests need, each in a child or a thread that takes what it made along.
#pragma once

#include <string>

#include "result.h"

namespace berth::addon {

// Links and queues in a network namespace of their own: `veth`, `bridge`, `ifb`, `nat`, `tbf`, `htb`,
// `ingress`, `mirred`. False: no such attempt.
bool try_network(const std::string& name, Status& outcome);
// `seccomp`, `notify`, `landlock`, `clone3`, `device-filter`, `audit`. False: no such attempt.
bool try_security(const std::string& name, Status& outcome);
// A child that does `work`; its exit status is the errno.
Status in_child(int (*work)(int), int argument, const char* what);

}  // namespace berth::addon
