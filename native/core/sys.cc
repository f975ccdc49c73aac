#include "sys.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <ctime>

extern "C" const char __executable_start __attribute__((weak));  // of the linker, in executables only: ld(1)
extern "C" const char etext;

namespace berth {

Result<std::string> read_all(int fd, size_t limit) {
  std::string out;
  std::array<char, 4096> chunk;
  for (;;) {
    const ssize_t got = read(fd, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return fail("read");
    }
    if (got == 0) {
      return out;
    }
    out.append(chunk.data(), static_cast<size_t>(got));
    if (out.size() > limit) {
      return fail_with(EFBIG, "read");
    }
  }
}

Result<std::string> read_file(const std::string& path, size_t limit) {
  const Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd.valid()) {
    return fail("open", path);
  }
  auto text = read_all(fd.get(), limit);
  if (!text) {
    return fail_with(text.error().code, "read", path);
  }
  return text;
}

Status write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) {
      continue;
    }
    if (put < 0) {
      return fail("write");
    }
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return ok();
}

Status write_into(int dir, const std::string& name, std::string_view text) {
  const Fd fd(openat(dir, name.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd.valid()) {
    return fail("open", name);
  }
  if (write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    return fail("write", name);
  }
  return ok();
}

Status replace_file(int dir, const std::string& name, std::string_view text, unsigned mode) {
  const std::string temporary = "." + name + ".berth";
  unlinkat(dir, temporary.c_str(), 0);
  const Fd fd(openat(dir, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!fd.valid()) {
    return fail("create", name);
  }
  auto written = write_all(fd.get(), text);
  if (!written || renameat(dir, temporary.c_str(), dir, name.c_str()) != 0) {
    Error error = written ? fail("rename", name) : fail_with(written.error().code, "write", name);
    unlinkat(dir, temporary.c_str(), 0);
    return error;
  }
  return ok();
}

std::optional<uint64_t> parse_number(std::string_view text) {
  uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [next, code] = std::from_chars(text.data(), end, value);
  if (text.empty() || code != std::errc() || next != end) {
    return std::nullopt;
  }
  return value;
}

std::string to_text(int64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

static uint64_t micros_of(clockid_t clock) {
  timespec now = {};
  clock_gettime(clock, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000 + static_cast<uint64_t>(now.tv_nsec) / 1000;
}

uint64_t monotonic_micros() {
  return micros_of(CLOCK_MONOTONIC);
}
uint64_t wall_clock_ms() {
  return micros_of(CLOCK_REALTIME) / 1000;
}

std::optional<uint64_t> parse_start_time(std::string_view stat) {
  // The name in field 2 may hold anything; what follows its last parenthesis is plain: field 3 comes first.
  size_t at = stat.rfind(')');
  for (int field = 2; field < 22 && at != std::string_view::npos; ++field) {
    at = stat.find(' ', at + 1);
  }
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  return parse_number(stat.substr(at + 1, stat.find(' ', at + 1) - at - 1));
}

Result<uint64_t> start_time_of(int pid) {
  const std::string path = "/proc/" + to_text(pid) + "/stat";
  auto stat = read_file(path);
  if (!stat) {
    return stat.error();
  }
  const auto value = parse_start_time(*stat);
  if (!value) {
    return fail_with(EPROTO, "read the start time", path);
  }
  return *value;
}

Result<std::string> boot_id() {
  auto text = read_file("/proc/sys/kernel/random/boot_id", 64);
  if (text) {
    text->erase(text->find_last_not_of('\n') + 1);
  }
  return text;
}

Result<Fd> pidfd_of(int pid) {
  Fd fd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!fd.valid()) {
    return fail("pidfd_open", to_text(pid));
  }
  return fd;
}

Result<Fd> read_only_mount(const std::string& path) {
  Fd mount(
      static_cast<int>(syscall(SYS_open_tree, AT_FDCWD, path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)));
  if (!mount.valid()) {
    return fail("open_tree", path);
  }
  mount_attr attributes = {};
  attributes.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID;
  if (syscall(SYS_mount_setattr, mount.get(), "", AT_EMPTY_PATH, &attributes, sizeof attributes) != 0) {
    return fail("mount_setattr", path);
  }
  return mount;
}

Status run_from_read_only(char** argv, char** environment) {
  struct statvfs facts = {};
  if (statvfs("/proc/self/exe", &facts) != 0) {
    return fail("statvfs", "/proc/self/exe");
  }
  if ((facts.f_flag & ST_RDONLY) != 0) {
    // Run through a descriptor, it is called by that one's number.
    const std::string_view name(argv[0]);
    prctl(PR_SET_NAME, name.substr(name.rfind('/') + 1).data(), 0, 0, 0);
    return ok();
  }
  auto self = read_only_mount("/proc/self/exe");
  if (!self) {
    return self.error();
  }
  syscall(SYS_execveat, self->get(), "", argv, environment, AT_EMPTY_PATH);
  return fail("execveat", "/proc/self/exe");
}

void shed_memory() {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const auto size = static_cast<size_t>(&etext - &__executable_start);
  madvise(const_cast<char*>(&__executable_start), size - size % page, MADV_DONTNEED);
  malloc_trim(0);
}

}  // namespace berth
