#include "label.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "sys.h"

namespace berth {
namespace {

bool runs_apparmor() {
  auto enabled = read_file("/sys/module/apparmor/parameters/enabled", 16);
  return enabled && (*enabled)[0] == 'Y';
}

bool runs_selinux() {
  return access("/sys/fs/selinux/enforce", F_OK) == 0;
}

}  // namespace

Result<Fd> open_label_file() {
  const bool apparmor = runs_apparmor();
  if (!apparmor && !runs_selinux()) {
    return fail_with(EOPNOTSUPP, "set a security label");
  }
  // Where several modules are stacked AppArmor has a folder of its own.
  Fd file(open("/proc/thread-self/attr/apparmor/exec", O_WRONLY | O_CLOEXEC));
  if (!apparmor || !file.valid()) {
    file = Fd(open("/proc/thread-self/attr/exec", O_WRONLY | O_CLOEXEC));
  }
  struct statfs facts = {};
  if (!file.valid() || fstatfs(file.get(), &facts) != 0) {
    return fail("open", "/proc/thread-self/attr/exec");
  }
  // Anything else would take the label and do nothing (CVE-2019-16884).
  if (facts.f_type != PROC_SUPER_MAGIC) {
    return fail_with(EPERM, "open", "/proc/thread-self/attr/exec");
  }
  return file;
}

Status set_label(int file, const std::string& label) {
  const std::string text = runs_apparmor() ? "exec " + label : label;
  if (write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return fail("set the security label", label);
  }
  return ok();
}

}  // namespace berth
