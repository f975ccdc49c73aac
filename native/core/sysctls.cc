#include "sysctls.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "mounts.h"
#include "namespaces.h"
#include "sys.h"
#include "work_inside.h"

namespace berth {
namespace {

struct Family {
  std::string_view prefix;
  const char* space;  // whose namespace it belongs to
};

constexpr std::array<Family, 7> kFamilies = {{{"net.", "network"},
                                              {"user.max_", "user"},
                                              {"kernel.domainname", "uts"},
                                              {"kernel.msg", "ipc"},
                                              {"kernel.sem", "ipc"},
                                              {"kernel.shm", "ipc"},
                                              {"fs.mqueue.", "ipc"}}};

const char* space_of(const std::string& name) {
  for (const Family& family : kFamilies) {
    if (name.starts_with(family.prefix)) {
      return family.space;
    }
  }
  return nullptr;
}

// As sysctl(8) reads names: dots part them, a slash is a dot of the part itself (eth0/100 is eth0.100).
std::string path_of(const std::string& name) {
  std::string path = name;
  for (char& letter : path) {
    letter = letter == '.' ? '/' : letter == '/' ? '.' : letter;
  }
  return path;
}

bool climbs(const std::string& path) {
  const std::string framed = "/" + path + "/";
  return framed.find("/./") != std::string::npos || framed.find("/../") != std::string::npos ||
         framed.find("//") != std::string::npos;
}

Status write_one(int folder, const std::string& name, const std::string& value) {
  auto file = open_inside(folder, path_of(name), O_WRONLY);
  if (!file) {
    return fail_with(file.error().code, "set the sysctl", name);
  }
  if (write(file->get(), value.data(), value.size()) != static_cast<ssize_t>(value.size())) {
    return fail("set the sysctl", name + "=" + value);
  }
  return ok();
}

bool of_guests_root(const std::string& name) {
  const std::string_view space = space_of(name);
  return space == "network" || space == "user";
}

Status write_here(const Spec& spec, int folder, int user, int process) {
  if (setns(process, CLONE_NEWIPC | CLONE_NEWUTS) != 0) {
    return fail("setns");
  }
  // Younger kernels let the root of the namespace write those of ipc, older ones only the host's.
  std::vector<std::pair<std::string, std::string>> left;
  for (const auto& [name, value] : spec.sysctls) {
    auto written = of_guests_root(name) ? Status(fail_with(EACCES, {})) : write_one(folder, name, value);
    if (written) {
      continue;
    }
    Error error = written.error();
    if (error.code != EACCES && error.code != EPERM) {
      return error;
    }
    left.emplace_back(name, value);
  }
  if (setns(process, CLONE_NEWNET) != 0) {
    return fail("setns", "net");
  }
  auto joined = join_user_namespace(user);
  if (!joined) {
    return joined.error();
  }
  for (const auto& [name, value] : left) {
    BERTH_TRY(write_one(folder, name, value));
  }
  return ok();
}

}  // namespace

Status check_sysctls(const Spec& spec) {
  for (const auto& [name, value] : spec.sysctls) {
    const char* space = space_of(name);
    if (space == nullptr || !owns(spec, space) || climbs(path_of(name))) {
      return fail_with(EINVAL, "set the sysctl", name);
    }
  }
  return ok();
}

Status write_sysctls(const Spec& spec, int init_pid) {
  const Fd folder(open("/proc/sys", O_PATH | O_DIRECTORY | O_CLOEXEC));
  const std::string path = "/proc/" + to_text(init_pid) + "/ns/user";
  const Fd user(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!folder.valid() || !user.valid()) {
    return fail("open", folder.valid() ? path : "/proc/sys");
  }
  auto process = pidfd_of(init_pid);
  if (!process) {
    return process.error();
  }
  return work_inside([&] { return write_here(spec, folder.get(), user.get(), process->get()); });
}

}  // namespace berth
