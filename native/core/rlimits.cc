#include "rlimits.h"

#include <sys/resource.h>

#include <array>

#include "spec_values.h"

namespace berth {
namespace {

struct Known {
  const char* name;
  __rlimit_resource resource;
};

constexpr std::array<Known, 16> kKnown = {{{"as", RLIMIT_AS},
                                           {"core", RLIMIT_CORE},
                                           {"cpu", RLIMIT_CPU},
                                           {"data", RLIMIT_DATA},
                                           {"fsize", RLIMIT_FSIZE},
                                           {"locks", RLIMIT_LOCKS},
                                           {"memlock", RLIMIT_MEMLOCK},
                                           {"msgqueue", RLIMIT_MSGQUEUE},
                                           {"nice", RLIMIT_NICE},
                                           {"nofile", RLIMIT_NOFILE},
                                           {"nproc", RLIMIT_NPROC},
                                           {"rss", RLIMIT_RSS},
                                           {"rtprio", RLIMIT_RTPRIO},
                                           {"rttime", RLIMIT_RTTIME},
                                           {"sigpending", RLIMIT_SIGPENDING},
                                           {"stack", RLIMIT_STACK}}};

const Known* find(const std::string& name) {
  for (const Known& known : kKnown) {
    if (name == known.name) {
      return &known;
    }
  }
  return nullptr;
}

}  // namespace

Status set_rlimits(const std::vector<Rlimit>& limits, int pid) {
  for (const Rlimit& limit : limits) {
    const Known* known = find(limit.name);
    if (known == nullptr) {
      return fail_with(EINVAL, "set the resource limit", limit.name);
    }
    // UINT64_MAX is RLIM_INFINITY.
    const rlimit wanted = {limit.soft, limit.hard};
    if (prlimit(pid, known->resource, &wanted, nullptr) != 0) {
      return fail("set the resource limit", to_text(limit));
    }
  }
  return ok();
}

}  // namespace berth
