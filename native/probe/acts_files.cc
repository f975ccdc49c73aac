// Files and devices.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "acts.h"

namespace berth::probe {
namespace {

constexpr unsigned kTerminalMajor = 136;  // of devpts

std::string list_folder(int folder) {
  DIR* entries = fdopendir(folder);
  if (entries == nullptr) {
    return outcome(-1);
  }
  bool any = false;
  for (const dirent* entry = readdir(entries); entry != nullptr; entry = readdir(entries)) {
    any = any || (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0);
  }
  closedir(entries);
  return any ? "ok" : "empty";
}

}  // namespace

std::string read_path(const Words& words) {
  const int file = open(words[1].c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (file < 0) {
    return outcome(-1);
  }
  struct stat facts = {};
  if (fstat(file, &facts) == 0 && S_ISDIR(facts.st_mode)) {
    return list_folder(file);
  }
  char byte = 0;
  const ssize_t count = read(file, &byte, 1);
  return count == 0 ? "empty" : outcome(count);
}

std::string open_device(const Words& words) {
  struct stat facts = {};
  if (stat(words[1].c_str(), &facts) != 0) {
    return errno == ENOENT ? "none" : outcome(-1);
  }
  if (!S_ISCHR(facts.st_mode) && !S_ISBLK(facts.st_mode)) {
    return "none";
  }
  return outcome(open(words[1].c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

// Files of the kernel: cutting one off does nothing to it, but the kernel looks at the mount before it looks
// at who may write, so that the answer tells which of the two refuses.
std::string open_for_writing(const Words& words) {
  return outcome(open(words[1].c_str(), O_WRONLY | O_TRUNC | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

std::string is_hidden(const Words& words) {
  struct statx facts = {};
  if (statx(AT_FDCWD, words[1].c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &facts) != 0) {
    return outcome(-1);
  }
  std::string shown = read_path(words);
  if (shown != "empty") {
    return shown;
  }
  return (facts.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0 ? "hidden" : "bare";
}

std::string make_node(const Words& words) {
  const mode_t type = words[1] == "b" ? S_IFBLK : S_IFCHR;
  const auto device =
      makedev(static_cast<unsigned>(number(words[2])), static_cast<unsigned>(number(words[3])));
  return outcome(mknod(scratch(), type | 0600, device));
}

std::string node_numbers(const Words& words) {
  struct stat facts = {};
  if (lstat(words[1].c_str(), &facts) != 0) {
    return outcome(-1);
  }
  if (!S_ISCHR(facts.st_mode) && !S_ISBLK(facts.st_mode)) {
    return "no device";
  }
  const unsigned major = gnu_dev_major(facts.st_rdev);
  const std::string minor = major == kTerminalMajor ? "*" : std::to_string(gnu_dev_minor(facts.st_rdev));
  return std::string(S_ISBLK(facts.st_mode) ? "b " : "c ") + std::to_string(major) + ":" + minor;
}

std::string change_mode(const Words& words) {
  struct stat facts = {};
  return outcome(stat(words[1].c_str(), &facts) != 0 ? -1 : chmod(words[1].c_str(), facts.st_mode & 07777));
}

std::string file_system(const Words& words) {
  struct statfs facts = {};
  if (statfs(words[1].c_str(), &facts) != 0) {
    return outcome(-1);
  }
  char text[32];
  (void)snprintf(text, sizeof text, "%lx", static_cast<unsigned long>(facts.f_type));
  return text;
}

}  // namespace berth::probe
