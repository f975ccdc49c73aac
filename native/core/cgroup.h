// Control groups on v2, v1 and hybrid hosts behind one interface; each controller uses the hierarchy that has
// it. Kernel documents: Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/*.rst.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fd.h"
#include "guest_limits.h"
#include "result.h"

namespace berth {

// One mounted hierarchy of the host.
struct Hierarchy {
  bool v2 = false;
  std::string mount;                     // "/sys/fs/cgroup/memory"
  std::vector<std::string> controllers;  // "memory"; "name=systemd"; for v2 what cgroup.controllers says
};

// What the host mounts, read from ROOT/proc/self/mountinfo and the v2 root (ROOT is "" but in tests).
class CgroupLayout {
 public:
  static Result<CgroupLayout> probe(const std::string& root = {});
  const std::vector<Hierarchy>& hierarchies() const { return hierarchies_; }
  const Hierarchy* of(const std::string& controller) const;  // nullptr: the host has it nowhere
  std::string name_of(const std::string& controller) const;  // v1's io is "blkio"
  const Hierarchy* v2() const;                               // the v2 or unified mount, or nullptr
  bool pure_v2() const;

 private:
  std::vector<Hierarchy> hierarchies_;
};

// The group PATH ("berth0/guests/ID") in all hierarchies. Folders stay until remove().
class Cgroup {
 public:
  // Make the folders (parents too, with v2's subtree_control), the limits and the device whitelist.
  // `devices`: "c 1:3 rwm" each; everything else is refused. Undone by the caller with remove();
  // what fails leaves none that was not there before.
  static Result<Cgroup> create(const CgroupLayout& layout, const std::string& path, const Limits& limits,
                               const std::vector<std::string>& devices);
  // Only the folders, with neither limits nor walls: for groups that hold our own processes (supervisors),
  // and until bound().
  static Result<Cgroup> ensure(const CgroupLayout& layout, const std::string& path);
  // What create() gives it, to one that ensure() made.
  Status bound(const Limits& limits, const std::vector<std::string>& devices) const;
  // The existing group PATH, in the hierarchies that have it; ENOENT when none has.
  static Result<Cgroup> open(const CgroupLayout& layout, const std::string& path);

  // For clone3(CLONE_INTO_CGROUP), on hybrid hosts too: a later move waits some 10 ms for an idle machine.
  // -1: no v2 at all.
  int v2_fd() const;
  // Called by the child itself (or enter): write 0 into each v1 `tasks`, and v2's cgroup.procs.
  // Async-signal-safe.
  // `born_in_v2`: clone3 has seen to v2 already.
  Status attach_self(bool born_in_v2 = false) const;
  // The same for `enter`: where v2 refuses the group because init made child groups with controllers (EBUSY),
  // join the leaf that INIT_PID is in, and only below this group.
  Status attach_beside(int init_pid) const;
  // Give a system guest's uid the folders that it may manage: v2, name=systemd, unified.
  Status delegate(uint32_t uid, uint32_t gid) const;
  // The device whitelist of a running group, from one to another: what both allow is never refused in
  // between.
  Status change_devices(const std::vector<std::string>& from, const std::vector<std::string>& to) const;
  // Live, and all of them or none. EOPNOTSUPP names the file or controller that this host lacks, for what is
  // wanted otherwise than a new group has it.
  Status set_limits(const Limits& limits) const;
  // -1 and empty also for what this host does not have.
  Result<Limits> read_limits() const;
  Status freeze(bool frozen) const;  // returns when the kernel says so
  Result<bool> frozen() const;
  Result<uint64_t> oom_kills() const;
  // Files of the group where CONTROLLER is ("" is v2, or unified). Those that notify are polled for EPOLLPRI
  // and read again from the same descriptor.
  Result<Fd> open_file(const std::string& controller, const std::string& name) const;
  Result<std::string> read_file(const std::string& controller, const std::string& name) const;
  Status write_file(const std::string& controller, const std::string& name, const std::string& value) const;
  bool in_v2(const std::string& controller) const;
  bool in_v1(const std::string& controller) const;
  // An eventfd that counts how often memory ran out (v1: memory.oom_control).
  Result<Fd> watch_memory_v1() const;
  // v2: a descriptor of the process that the kernel would choose when TOTAL_BYTES (its maximum) are full.
  Result<Fd> largest_process(int64_t total_bytes) const;
  Status kill() const;    // SIGKILL to all, also below; cgroup.kill where there is one
  Status remove() const;  // with the groups below it; waits for the kernel while it is EBUSY, at most 5 s

 private:
  struct Member {
    const Hierarchy* hierarchy;
    Fd dir;
  };
  enum class Missing { kMake, kSkip };
  static Result<Cgroup> assemble(const CgroupLayout& layout, const std::string& path, Missing missing);
  // Directory descriptors of the group: where CONTROLLER is, in v2; -1 when there is none.
  int dir_of(const std::string& controller) const;
  int v2_dir() const;
  int dir_with(const std::string& controller) const;
  std::string name_in(const std::string& controller) const;
  Status restrict_devices(const std::vector<std::string>& devices) const;
  Status set_limits(const Limits& limits, bool fresh) const;
  // v2: whether the group has CONTROLLER, and letting it (and so its neighbours) have it.
  bool has_controller(int dir, const std::string& controller) const;
  Status lend_controller(const std::string& controller) const;
  Status kill_each() const;

  CgroupLayout layout_;
  std::string path_;
  std::vector<Member> members_;
  bool fresh_ = false;  // made in every hierarchy just now
};

}  // namespace berth
