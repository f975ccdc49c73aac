#include "acts.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace berth::probe {
namespace {

// Made and removed again; where a guest can write at all, it can write here.
constexpr const char* kScratch = "/.berth-probe";

long number(const std::string& word) {
  return strtol(word.c_str(), nullptr, 0);
}

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

// read PATH: `ok` when there is something in it, `empty`, or why it cannot be read.
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

// write PATH TEXT
std::string write_path(const Words& words) {
  const int file = open(words[1].c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  return file < 0 ? outcome(-1) : outcome(write(file, words[2].data(), words[2].size()));
}

// mknod b|c MAJOR MINOR
std::string make_node(const Words& words) {
  const mode_t type = words[1] == "b" ? S_IFBLK : S_IFCHR;
  const auto device =
      makedev(static_cast<unsigned>(number(words[2])), static_cast<unsigned>(number(words[3])));
  std::string result = outcome(mknod(kScratch, type | 0600, device));
  unlink(kScratch);
  return result;
}

// status KEY: a line of /proc/self/status.
std::string status_of(const Words& words) {
  FILE* file = fopen("/proc/self/status", "re");
  if (file == nullptr) {
    return outcome(-1);
  }
  char line[4096];
  std::string value = "none";
  while (fgets(line, sizeof line, file) != nullptr) {
    const size_t length = words[1].size();
    if (strncmp(line, words[1].c_str(), length) == 0 && line[length] == ':') {
      value.assign(line + length + 1 + strspn(line + length + 1, "\t "));
      value.erase(value.find_last_not_of(" \n") + 1);
    }
  }
  (void)fclose(file);
  return value;
}

// descriptors: those beyond 0, 1 and 2 that came with the program.
std::string descriptors(const Words& words) {
  std::string found;
  const long most = number(words[1]);
  for (int fd = 3; fd < most; fd++) {
    if (fcntl(fd, F_GETFD) >= 0) {
      found += (found.empty() ? "" : " ") + std::to_string(fd);
    }
  }
  return found.empty() ? "none" : found;
}

std::string working_folder(const Words&) {
  char path[PATH_MAX];
  return getcwd(path, sizeof path) == nullptr ? outcome(-1) : path[0] == '/' ? "ok" : "outside";
}

// processes UID: whether a user without powers sees what others run.
std::string processes_of_others(const Words& words) {
  const auto uid = static_cast<uid_t>(number(words[1]));
  if (setgid(uid) != 0 || setuid(uid) != 0) {
    return outcome(-1);
  }
  DIR* folder = opendir("/proc");
  if (folder == nullptr) {
    return outcome(-1);
  }
  bool others = false;
  for (const dirent* entry = readdir(folder); entry != nullptr; entry = readdir(folder)) {
    struct stat facts = {};
    others = others || (atoi(entry->d_name) > 0 && fstatat(dirfd(folder), entry->d_name, &facts, 0) == 0 &&
                        facts.st_uid != uid);
  }
  closedir(folder);
  return others ? "ok" : "none";
}

// mount TYPE TARGET [FLAGS]
std::string mount_there(const Words& words) {
  const char* type = words[1] == "-" ? nullptr : words[1].c_str();
  const unsigned long flags = words.size() > 3 ? strtoul(words[3].c_str(), nullptr, 0) : 0;
  std::string result = outcome(mount("none", words[2].c_str(), type, flags, nullptr));
  if (result == "ok" && (flags & MS_REMOUNT) == 0) {
    umount2(words[2].c_str(), MNT_DETACH);
  }
  return result;
}

// A folder that a descriptor kept open leads out of a chroot; out of a mount namespace nothing does.
std::string leave_root(const Words&) {
  struct stat before = {};
  struct stat after = {};
  const int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root < 0 || fstat(root, &before) != 0 || (mkdir(kScratch, 0700) != 0 && errno != EEXIST)) {
    return outcome(-1);
  }
  const bool inside = chroot(kScratch) == 0;
  const std::string refused = outcome(inside ? 0 : -1);
  bool left = false;
  if (inside && fchdir(root) == 0) {
    for (int up = 0; up < 64; up++) {
      (void)!chdir("..");
    }
    left = stat(".", &after) == 0 && (after.st_dev != before.st_dev || after.st_ino != before.st_ino);
  }
  unlinkat(root, kScratch + 1, AT_REMOVEDIR);
  return inside ? (left ? "ok" : "none") : refused;
}

// connect NAME: an abstract unix socket, which only a network namespace of its own keeps apart.
std::string connect_abstract(const Words& words) {
  const int to = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const size_t length = std::min(words[1].size(), sizeof address.sun_path - 1);
  memcpy(address.sun_path + 1, words[1].data(), length);
  return outcome(connect(to, reinterpret_cast<const sockaddr*>(&address),
                         static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + length)));
}

// tty REQUEST: an ioctl on a terminal of the guest's own.
std::string ask_terminal(const Words& words) {
  const int terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
  char byte[64] = {};
  return terminal < 0 ? outcome(-1)
                      : outcome(ioctl(terminal, static_cast<unsigned long>(number(words[1])), byte));
}

struct Act {
  const char* name;
  size_t words;  // with its own name, at least
  std::string (*run)(const Words&);
};

constexpr Act kActs[] = {
    {"call", 3, make_call},
    {"read", 2, read_path},
    {"write", 3, write_path},
    {"mknod", 4, make_node},
    {"status", 2, status_of},
    {"descriptors", 2, descriptors},
    {"cwd", 1, working_folder},
    {"processes", 2, processes_of_others},
    {"mount", 3, mount_there},
    {"umount", 2, [](const Words& words) { return outcome(umount2(words[1].c_str(), MNT_DETACH)); }},
    {"unshare", 2, [](const Words& words) { return outcome(unshare(static_cast<int>(number(words[1])))); }},
    {"signal", 2, [](const Words& words) { return outcome(kill(static_cast<pid_t>(number(words[1])), 0)); }},
    {"chroot", 1, leave_root},
    {"connect", 2, connect_abstract},
    {"tty", 2, ask_terminal},
};

}  // namespace

std::string outcome(long result) {
  if (result >= 0) {
    return "ok";
  }
  const char* name = strerrorname_np(errno);
  return name != nullptr ? name : std::to_string(errno);
}

std::string act(const Words& words) {
  for (const Act& one : kActs) {
    if (!words.empty() && words[0] == one.name) {
      return words.size() < one.words ? "too few words" : one.run(words);
    }
  }
  return "no such act";
}

}  // namespace berth::probe
