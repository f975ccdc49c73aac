// What the process is and sees, and what it can take.
#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "acts.h"

namespace berth::probe {

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

std::string take_capability(const Words& words) {
  const auto wanted = static_cast<unsigned>(number(words[1]));
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, 2> sets = {};
  if (wanted >= 64 || syscall(SYS_capget, &header, sets.data()) != 0) {
    return outcome(-1);
  }
  sets.at(wanted / 32).permitted |= 1U << wanted % 32;
  sets.at(wanted / 32).effective |= 1U << wanted % 32;
  return outcome(syscall(SYS_capset, &header, sets.data()));
}

// Those beyond 0, 1 and 2 that came with the program.
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
  // By the system call: the library makes an error of a folder outside.
  const long length = syscall(SYS_getcwd, path, sizeof path);
  return length < 0 ? outcome(-1) : path[0] == '/' ? "inside" : "outside";
}

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

std::string namespace_is(const Words& words) {
  char link[64] = {};
  const std::string path = "/proc/self/ns/" + words[1];
  if (readlink(path.c_str(), link, sizeof link - 1) < 0) {
    return outcome(-1);
  }
  return std::string(link) == words[1] + ":[" + words[2] + "]" ? "shared" : "own";
}

std::string owner_of_keyring(const Words&) {
  char text[256] = {};
  if (syscall(SYS_keyctl, KEYCTL_DESCRIBE, KEY_SPEC_SESSION_KEYRING, text, sizeof text - 1) < 0) {
    return outcome(-1);
  }
  const char* owner = strchr(text, ';');  // TYPE;UID;GID;PERMISSIONS;NAME
  return owner != nullptr && number(owner + 1) == static_cast<long>(geteuid()) ? "own" : "of others";
}

std::string connect_abstract(const Words& words) {
  const int to = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const size_t length = std::min(words[1].size(), sizeof address.sun_path - 1);
  memcpy(address.sun_path + 1, words[1].data(), length);
  return outcome(connect(to, reinterpret_cast<const sockaddr*>(&address),
                         static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + length)));
}

// Requests are made with nothing to read at: one that no wall refuses finds that out (EFAULT) before it acts.
std::string ask_own_terminal(const Words& words) {
  const int terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
  const int unlocked = 0;
  if (terminal < 0 || ioctl(terminal, TIOCSPTLCK, &unlocked) != 0) {
    return outcome(-1);
  }
  const int peer = ioctl(terminal, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  (void)setsid();
  if (peer < 0 || ioctl(peer, TIOCSCTTY, 0) != 0) {
    return outcome(-1);
  }
  return outcome(ioctl(peer, static_cast<unsigned long>(number(words[1])), nullptr));
}

std::string ask_terminal(const Words& words) {
  const int terminal = open(words[1].c_str(), O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  return terminal < 0 ? outcome(-1)
                      : outcome(ioctl(terminal, static_cast<unsigned long>(number(words[2])), nullptr));
}

std::string fork_many(const Words& words) {
  std::vector<pid_t> children;
  std::string result = "ok";
  for (long left = number(words[1]); left > 0 && result == "ok"; left--) {
    const pid_t pid = fork();
    if (pid < 0) {
      result = outcome(-1);
    } else if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (;;) {
        pause();
      }
    } else {
      children.push_back(pid);
    }
  }
  for (const pid_t pid : children) {
    kill(pid, SIGKILL);
  }
  for (const pid_t pid : children) {
    waitpid(pid, nullptr, 0);
  }
  return result;
}

std::string fill_memory(const Words& words) {
  constexpr size_t kPage = 4096;
  const auto size = static_cast<size_t>(number(words[1]));
  auto* bytes =
      static_cast<char*>(mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  if (bytes == MAP_FAILED) {
    return outcome(-1);
  }
  for (size_t at = 0; at < size; at += kPage) {
    static_cast<volatile char*>(bytes)[at] = 1;
  }
  return "ok";
}

}  // namespace berth::probe
