#include "namespaces.h"

#include <sched.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "spec_values.h"
#include "sys.h"
#include "wire.h"

namespace berth {
namespace {

struct Kind {
  const char* name;
  int flag;
  bool born;  // clone3 makes it: a cgroup namespace is taken after joining the groups, clocks before
};

constexpr std::array<Kind, 7> kKinds = {{{"user", CLONE_NEWUSER, true},
                                         {"network", CLONE_NEWNET, true},
                                         {"ipc", CLONE_NEWIPC, true},
                                         {"uts", CLONE_NEWUTS, true},
                                         {"pid", CLONE_NEWPID, true},
                                         {"cgroup", CLONE_NEWCGROUP, false},
                                         {"time", CLONE_NEWTIME, false}}};

const SharedNamespace* find(const Spec& spec, const std::string& name) {
  for (const auto& shared : spec.namespaces) {
    if (shared.name == name) {
      return &shared;
    }
  }
  return nullptr;
}

int flag_of(const std::string& name) {
  for (const auto& kind : kKinds) {
    if (name == kind.name) {
      return kind.flag;
    }
  }
  return 0;
}

// The host id of 0 in a map as /proc/PID/uid_map has it: "inside outside count" in each line.
std::optional<uint32_t> root_in(const std::string& map) {
  const char* at = map.data();
  const char* const end = at + map.size();
  const auto number = [&](uint32_t& out) {
    while (at < end && (*at == ' ' || *at == '\n')) {
      ++at;
    }
    const auto [next, code] = std::from_chars(at, end, out);
    at = next;
    return code == std::errc();
  };
  uint32_t inside = 0;
  uint32_t outside = 0;
  uint32_t count = 0;
  while (number(inside) && number(outside) && number(count)) {
    if (inside == 0) {
      return outside;
    }
  }
  return std::nullopt;
}

}  // namespace

bool owns(const Spec& spec, const char* name) {
  return spec.namespaces.empty() || find(spec, name) == nullptr;
}

bool with_host(const Spec& spec, const char* name) {
  const SharedNamespace* shared = find(spec, name);
  return shared != nullptr && shared->owner == "host";
}

uint64_t new_namespaces(const Spec& spec) {
  uint64_t flags = 0;
  for (const auto& kind : kKinds) {
    flags |= kind.born && owns(spec, kind.name) ? static_cast<uint64_t>(kind.flag) : 0;
  }
  return flags;
}

int joined_namespaces(const Spec& spec) {
  int flags = 0;
  for (const auto& kind : kKinds) {
    flags |= kind.flag == CLONE_NEWPID || with_host(spec, kind.name) ? 0 : kind.flag;
  }
  return is_nested() ? flags & ~CLONE_NEWTIME : flags;
}

Result<std::vector<Lender>> find_lenders(const Spec& spec) {
  std::vector<Lender> lenders;
  for (const auto& shared : spec.namespaces) {
    if (shared.owner == "host") {
      continue;
    }
    auto lender = std::find_if(lenders.begin(), lenders.end(),
                               [&](const Lender& one) { return one.run_dir == shared.owner; });
    if (lender == lenders.end()) {
      auto init = find_running(shared.owner);
      if (!init) {
        return fail_with(init.error().code, "join the " + shared.name + " namespace of", shared.owner);
      }
      lenders.push_back({std::move(*init), 0, shared.owner});
      lender = lenders.end() - 1;
    }
    lender->flags |= flag_of(shared.name);
  }
  for (size_t i = 0; i + 1 < lenders.size(); ++i) {
    if ((lenders[i].flags & CLONE_NEWUSER) != 0) {
      std::swap(lenders[i], lenders.back());
    }
  }
  return lenders;
}

Status join(const std::vector<Lender>& lenders) {
  for (const auto& lender : lenders) {
    if (setns(lender.init.process.get(), lender.flags) != 0) {
      return fail("join the namespaces of", lender.run_dir);
    }
  }
  return ok();
}

Result<uint32_t> root_id(const Spec& spec, const std::vector<Lender>& lenders) {
  if (with_host(spec, "user")) {
    return uint32_t{0};
  }
  if (owns(spec, "user")) {
    for (const auto& map : spec.id_maps) {
      if (map.inside == 0) {
        return map.outside;
      }
    }
    return spec.id_base;
  }
  const std::string path = "/proc/" + to_text(lenders.back().init.pid) + "/uid_map";
  auto map = read_file(path, 65536);
  if (!map) {
    return map.error();
  }
  const auto root = root_in(*map);
  return root ? Result<uint32_t>(*root) : fail_with(EPROTO, "find root in the id map", path);
}

std::string id_map_text(const Spec& spec) {
  if (spec.id_maps.empty()) {
    return to_text(IdMap{0, spec.id_base, wire::kIdCount});
  }
  std::string out;
  for (const auto& map : spec.id_maps) {
    out += to_text(map) + "\n";
  }
  return out;
}

Status check_namespaces(const Spec& spec) {
  for (size_t i = 1; i < spec.namespaces.size(); ++i) {
    const auto end = spec.namespaces.begin() + static_cast<long>(i);
    if (std::any_of(spec.namespaces.begin(), end,
                    [&](const SharedNamespace& one) { return one.name == end->name; })) {
      return fail_with(EINVAL, "read the spec", "namespace");
    }
  }
  if (spec.network && !owns(spec, "network")) {
    return fail_with(EINVAL, "read the spec", "bridge");
  }
  const bool mapped = spec.id_maps.empty() || std::any_of(spec.id_maps.begin(), spec.id_maps.end(),
                                                          [](const IdMap& map) { return map.inside == 0; });
  return mapped && (spec.id_maps.empty() || owns(spec, "user"))
             ? ok()
             : fail_with(EINVAL, "read the spec", "id_map");
}

bool is_nested() {
  constexpr ino_t kInitUser = 0xEFFFFFFD;  // PROC_USER_INIT_INO of the kernel
  struct stat facts = {};
  return stat("/proc/self/ns/user", &facts) == 0 && facts.st_ino != kInitUser;
}

bool has_new_clocks(const Spec& spec) {
  return owns(spec, "time") && !is_nested();
}

}  // namespace berth
