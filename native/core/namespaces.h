// Which namespaces of a guest are its own, and joining those that are not: namespaces(7), setns(2). A default
// guest owns all; then nothing here makes a system call.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fd.h"
#include "result.h"
#include "running.h"
#include "spec.h"

namespace berth {

// NAME as in the spec: "user", "network", "ipc", "uts", "pid", "cgroup" or "time".
bool owns(const Spec& spec, const char* name);
bool with_host(const Spec& spec, const char* name);
// CLONE_NEW* of clone3 for those that are born with it: user, pid, uts, ipc and network.
uint64_t new_namespaces(const Spec& spec);
// CLONE_NEW* of all that a process must join to be in the guest, but mount and pid.
int joined_namespaces(const Spec& spec);

// A running guest that shares some of its namespaces.
struct Lender {
  RunningInit init;
  int flags = 0;  // CLONE_NEW*
  std::string run_dir;
};

// Those that the spec names; whose user namespace it is comes last, as the others take powers that joining it
// gives away. ESRCH, with the run folder: it does not run.
Result<std::vector<Lender>> find_lenders(const Spec& spec);
// Join what they lend; a pid namespace counts for children.
Status join(const std::vector<Lender>& lenders);

// Where root of the guest is on the host: by its map, or by that of the user namespace that it shares.
Result<uint32_t> root_id(const Spec& spec, const std::vector<Lender>& lenders);
// The text of uid_map and gid_map.
std::string id_map_text(const Spec& spec);
// EINVAL for what no kernel would take: 0 is not mapped, a namespace is told twice, a link for another's
// network.
Status check_namespaces(const Spec& spec);
// This process is not root of the host, but of a guest that nests.
bool is_nested();
// Inside a guest that nests the clocks are those of the guest: CAP_SYS_TIME and CAP_SYS_ADMIN over them are
// the host's.
bool has_new_clocks(const Spec& spec);

}  // namespace berth
