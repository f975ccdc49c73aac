// Mounts. What is tried is tried in a mount namespace of the act's own, so that the guest keeps what it has;
// where it may make none, that is the answer.
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "acts.h"

namespace berth::probe {
namespace {

bool take_namespaces(int flags) {
  return unshare(flags | CLONE_NEWNS) == 0 && mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

bool make_folder() {
  return mkdir(scratch(), 0700) == 0 || errno == EEXIST;
}

// A controller that has a hierarchy of v1 already: mounting another one would change the host.
std::string v1_controller() {
  FILE* file = fopen("/proc/self/cgroup", "re");
  if (file == nullptr) {
    return "";
  }
  char line[4096];
  std::string found;
  while (found.empty() && fgets(line, sizeof line, file) != nullptr) {
    const std::string text(line);
    const size_t start = text.find(':') + 1;
    const std::string controllers = text.substr(start, text.find(':', start) - start);
    if (!controllers.empty() && controllers.find('=') == std::string::npos) {
      found = controllers;
    }
  }
  (void)fclose(file);
  return found;
}

}  // namespace

std::string mount_there(const Words& words) {
  if (!make_folder()) {
    return outcome(-1);
  }
  // Where there is no namespace for it, the mount is what is refused next; should it not be, it is taken
  // back.
  (void)take_namespaces(0);
  const auto flags = words.size() > 2 ? static_cast<unsigned long>(number(words[2])) : 0;
  std::string result = outcome(mount("none", scratch(), words[1].c_str(), flags, nullptr));
  if (result == "ok") {
    umount2(scratch(), MNT_DETACH);
  }
  return result;
}

std::string unmount(const Words& words) {
  return outcome(take_namespaces(0) ? umount2(words[1].c_str(), MNT_DETACH) : -1);
}

std::string make_writable(const Words& words) {
  constexpr unsigned long kUsual = MS_NOSUID | MS_NODEV | MS_NOEXEC;  // without them it is refused for these
  return outcome(take_namespaces(0)
                     ? mount(nullptr, words[1].c_str(), nullptr, MS_REMOUNT | MS_BIND | kUsual, nullptr)
                     : -1);
}

std::string open_release_agent(const Words& words) {
  const std::string controller = v1_controller();
  if (controller.empty()) {
    return "no v1";
  }
  if (!make_folder() || !take_namespaces(static_cast<int>(number(words[1]))) ||
      mount("none", scratch(), "cgroup", 0, controller.c_str()) != 0) {
    return outcome(-1);
  }
  const std::string agent = std::string(scratch()) + "/release_agent";
  std::string result = outcome(open(agent.c_str(), O_WRONLY | O_CLOEXEC));
  umount2(scratch(), MNT_DETACH);
  return result;
}

// A folder that a descriptor kept open leads out of a chroot; out of a mount namespace nothing does.
std::string leave_root(const Words&) {
  struct stat before = {};
  struct stat after = {};
  const int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root < 0 || fstat(root, &before) != 0 || !make_folder() || chroot(scratch()) != 0 ||
      fchdir(root) != 0) {
    return outcome(-1);
  }
  for (int up = 0; up < 64; up++) {
    (void)!chdir("..");
  }
  const bool left =
      stat(".", &after) == 0 && (after.st_dev != before.st_dev || after.st_ino != before.st_ino);
  return left ? "ok" : "none";
}

}  // namespace berth::probe
