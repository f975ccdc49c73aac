// Which process of a group the kernel would kill for memory: badness as in mm/oom_kill.c.
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "cgroup.h"
#include "cgroup_files.h"
#include "sys.h"

namespace berth {

namespace {

constexpr int kMaxDepth = 64;
constexpr int64_t kNever = -1000;  // oom_score_adj

struct Candidate {
  Fd process;
  int64_t badness = -1;
};

struct Search {
  std::string path;       // of the group
  int64_t total_kib = 0;  // of which oom_score_adj is thousandths
  Candidate worst;
};

std::string proc(int64_t pid, const char* file) {
  return "/proc/" + to_text(pid) + "/" + file;
}

int64_t kib_in(const std::string& status, const std::string& key) {
  const size_t at = status.find("\n" + key + ":");
  return at == std::string::npos ? 0 : strtoll(status.c_str() + at + key.size() + 2, nullptr, 10);
}

// Nothing for who has no memory (a kernel thread, a zombie), or may not be killed.
std::optional<int64_t> badness_of(int64_t pid, int64_t total_kib) {
  auto status = read_file(proc(pid, "status"));
  auto adjust = read_file(proc(pid, "oom_score_adj"));
  if (!status || !adjust || status->find("\nVmRSS:") == std::string::npos) {
    return std::nullopt;
  }
  const int64_t by = strtoll(adjust->c_str(), nullptr, 10);
  if (by == kNever) {
    return std::nullopt;
  }
  int64_t badness = by * total_kib / 1000;
  for (const char* key : {"VmRSS", "VmSwap", "VmPTE"}) {
    badness += kib_in(*status, key);
  }
  return std::max<int64_t>(0, badness);
}

bool is_in(int64_t pid, const std::string& path) {
  auto groups = read_file(proc(pid, "cgroup"));
  return groups && ("\n" + *groups).find("\n0::/" + path) != std::string::npos;
}

void consider(Search& search, int64_t pid) {
  auto process = pidfd_of(static_cast<int>(pid));
  const auto badness = badness_of(pid, search.total_kib);
  if (!process || !badness || *badness <= search.worst.badness || !is_in(pid, search.path)) {
    return;
  }
  // It still lives: what was read was its own, not that of another one with its pid.
  if (syscall(SYS_pidfd_send_signal, process->get(), 0, nullptr, 0) == 0) {
    search.worst = {std::move(*process), *badness};
  }
}

void search_in(Search& search, int dir, int depth) {
  auto procs = cgroup_files::read_at(dir, "cgroup.procs");
  const char* at = procs ? procs->c_str() : "";  // a threaded group's are listed above it
  for (char* end = nullptr; *at != '\0'; at = *end == '\n' ? end + 1 : end) {
    const long pid = strtol(at, &end, 10);
    if (end == at) {
      break;
    }
    if (pid > 0) {
      consider(search, pid);
    }
  }
  const int copy = depth > 0 ? openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  DIR* list = copy < 0 ? nullptr : fdopendir(copy);
  if (list == nullptr) {
    return;
  }
  while (const dirent* entry = readdir(list)) {
    if (entry->d_type != DT_DIR || entry->d_name[0] == '.') {
      continue;
    }
    const Fd child(openat(dir, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (child.valid()) {
      search_in(search, child.get(), depth - 1);
    }
  }
  closedir(list);
}

}  // namespace

Result<Fd> Cgroup::largest_process(int64_t total_bytes) const {
  Search search;
  search.path = path_;
  search.total_kib = total_bytes / 1024;
  search_in(search, v2_dir(), kMaxDepth);
  if (!search.worst.process.valid()) {
    return fail_with(ESRCH, "find a process to kill for memory", path_);
  }
  return std::move(search.worst.process);
}

}  // namespace berth
