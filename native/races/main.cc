// race-check NAME ROUNDS [naive]: hold a race (race.h) and print `rounds N worked N refused N escaped N swaps
// N`. The control ends with its first escape. race-check swap A B: only exchange, until it is killed.
#include <fcntl.h>
#include <linux/fs.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string_view>

#include "race.h"

namespace berth::races {

void must(bool done, const std::string& what) {
  if (!done) {
    (void)fprintf(stderr, "race-check: %s: %s\n", what.c_str(), strerror(errno));
    exit(1);
  }
}

void put_file(const std::string& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  must(file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
       "write " + path);
  close(file);
}

bool looks_plain(const std::string& path) {
  struct stat facts = {};
  return lstat(path.c_str(), &facts) == 0 && !S_ISLNK(facts.st_mode);
}

ino_t inode_of(const std::string& path) {
  struct stat facts = {};
  return stat(path.c_str(), &facts) == 0 ? facts.st_ino : 0;
}

bool is_mounted(const std::string& path) {
  struct statx facts = {};
  return statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &facts) == 0 &&
         (facts.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

bool take_off_one(const std::string& path) {
  return is_mounted(path) && umount2(path.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) == 0;
}

bool take_off(const std::string& path) {
  bool found = false;
  while (take_off_one(path)) {
    found = true;
  }
  return found;
}

namespace {

const std::map<std::string_view, Race (*)(const Ground&)> kRaces = {{"target", race_target},
                                                                    {"file-target", race_file_target},
                                                                    {"unmount", race_unmount},
                                                                    {"source", race_source},
                                                                    {"lxcfs", race_lxcfs},
                                                                    {"identity", race_identity},
                                                                    {"account", race_account},
                                                                    {"workdir", race_workdir},
                                                                    {"removal", race_removal},
                                                                    {"masks", race_masks},
                                                                    {"read-only", race_read_only},
                                                                    {"device", race_device},
                                                                    {"stray-mount", race_stray_mount},
                                                                    {"learned", race_learned}};

[[noreturn]] void swap_forever(const std::string& one, const std::string& other,
                               std::atomic<uint64_t>* count) {
  for (;;) {
    if (syscall(SYS_renameat2, AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0) {
      ++*count;
    }
  }
}

Ground make_ground() {
  must(unshare(CLONE_NEWNS) == 0 && mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0,
       "unshare");
  // Any folder will do: nobody else sees it.
  must(mount("berth-race", "/mnt", "tmpfs", 0, "size=16m") == 0, "mount");
  Ground ground = {"/mnt/root", "/mnt/outside"};
  must(mkdir(ground.root.c_str(), 0755) == 0 && mkdir(ground.outside.c_str(), 0755) == 0, "mkdir");
  return ground;
}

// As a process of the guest: what it exchanges lies below its root, whatever leads out of it.
pid_t start_racer(const Ground& ground, const std::string& one, const std::string& other,
                  std::atomic<uint64_t>* swaps) {
  const pid_t pid = fork();
  must(pid >= 0, "fork");
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    must(chroot(ground.root.c_str()) == 0 && chdir("/") == 0, "chroot");
    swap_forever(one.substr(ground.root.size()), other.substr(ground.root.size()), swaps);
  }
  return pid;
}

struct Counts {
  uint64_t rounds = 0, worked = 0, escaped = 0;
};

// More rounds than asked for while it was no race yet: on a busy machine one side may have run alone.
bool goes_on(const Counts& now, uint64_t rounds, bool naive, uint64_t swaps) {
  if (naive) {
    return now.escaped == 0 && now.rounds < rounds;
  }
  return now.rounds < rounds || now.worked == 0 || swaps < rounds / 10;
}

int hold(const Ground& ground, const Race& race, uint64_t rounds, bool naive) {
  auto* swaps = static_cast<std::atomic<uint64_t>*>(mmap(
      nullptr, sizeof(std::atomic<uint64_t>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  must(swaps != MAP_FAILED, "mmap");
  std::vector<pid_t> racers;
  for (const auto& [one, other] : race.swaps) {
    racers.push_back(start_racer(ground, one, other, swaps));
  }
  while (*swaps == 0) {
    sched_yield();
  }
  Counts now;
  while (goes_on(now, rounds, naive, *swaps)) {
    ++now.rounds;
    now.worked += (naive ? race.naive() : race.round()) ? 1 : 0;
    now.escaped += race.escaped() ? 1 : 0;
  }
  const uint64_t swapped = *swaps;
  for (const pid_t pid : racers) {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
  }
  (void)printf("rounds %lu worked %lu refused %lu escaped %lu swaps %lu\n", now.rounds, now.worked,
               now.rounds - now.worked, now.escaped, swapped);
  return 0;
}

int run(int argc, char** argv) {
  if (argc == 4 && std::string_view(argv[1]) == "swap") {
    std::atomic<uint64_t> count = 0;
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    swap_forever(argv[2], argv[3], &count);
  }
  const auto race = argc < 3 ? kRaces.end() : kRaces.find(argv[1]);
  if (race == kRaces.end()) {
    errno = EINVAL;
    must(false, "usage: race-check NAME ROUNDS [naive] | swap A B");
  }
  const Ground ground = make_ground();
  return hold(ground, race->second(ground), strtoull(argv[2], nullptr, 10), argc > 3);
}

}  // namespace
}  // namespace berth::races

int main(int argc, char** argv) {
  return berth::races::run(argc, argv);
}
