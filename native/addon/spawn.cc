#include "spawn.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <map>
#include <mutex>

#include "sys.h"
#include "wire.h"

namespace berth::addon {
namespace {

// A start that takes longer hangs: the slowest (a cold image on a slow disk) takes seconds.
constexpr int kReportMillis = 120'000;

// Out of the way of the numbers that the child will see.
constexpr int kAbove = 16;
constexpr int kProgramDescriptor = wire::kReportDescriptor + 1;

// What we start runs from a read-only mount, so that nobody inside can write to the host's copy of it
// (CVE-2019-5736). It would see to that itself, by a second exec; a mount that we keep saves it.
class Programs {
 public:
  Result<Fd> open(const std::string& path) {
    const std::lock_guard<std::mutex> lock(mutex_);
    Result<ProgramFacts> now = facts_of(path);
    if (!now) {
      return now.error();
    }
    Program& program = programs_[path];
    if (!program.mount.valid() || !(program.facts == *now)) {
      Result<Fd> mount = read_only_mount(path);
      if (!mount) {
        return mount;
      }
      program = {std::move(*mount), *now};
    }
    Fd copy(fcntl(program.mount.get(), F_DUPFD_CLOEXEC, kAbove));
    return copy.valid() ? Result<Fd>(std::move(copy)) : fail("duplicate a descriptor");
  }

 private:
  struct Program {
    Fd mount;
    ProgramFacts facts;
  };
  std::mutex mutex_;
  std::map<std::string, Program> programs_;
};

Programs& programs() {
  static Programs all;
  return all;
}

}  // namespace

Result<ProgramFacts> facts_of(const std::string& path) {
  struct stat now = {};
  if (stat(path.c_str(), &now) != 0) {
    return fail("run", path);
  }
  return ProgramFacts{now.st_dev, now.st_ino, now.st_ctim};
}

Fd lift(Fd fd) {
  return Fd(fcntl(fd.get(), F_DUPFD_CLOEXEC, kAbove));
}

Result<Fd> sealed(const std::string& bytes) {
  Fd memory(memfd_create("berth-spec", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory.valid()) {
    return fail("make a memfd");
  }
  BERTH_TRY(write_all(memory.get(), bytes));
  if (lseek(memory.get(), 0, SEEK_SET) != 0 ||
      fcntl(memory.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0) {
    return fail("seal a memfd");
  }
  return memory;
}

// posix_spawn shares memory until the exec (CLONE_VFORK | CLONE_VM): as quick from a large process as from a
// small one.
Result<pid_t> spawn_with(const std::vector<std::string>& command, int spec, int report) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, spec, wire::kSpecDescriptor);
  posix_spawn_file_actions_adddup2(&actions, report, wire::kReportDescriptor);
  Result<Fd> program = programs().open(command[0]);
  if (program) {
    posix_spawn_file_actions_adddup2(&actions, program->get(), kProgramDescriptor);
  }
  posix_spawn_file_actions_addclosefrom_np(&actions, kProgramDescriptor + (program ? 1 : 0));
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::vector<char*> argv;
  argv.reserve(command.size() + 1);
  for (const std::string& argument : command) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  char* environment[] = {path, nullptr};
  pid_t pid = 0;
  const std::string through = "/proc/self/fd/" + std::to_string(kProgramDescriptor);
  const int code =
      posix_spawn(&pid, program ? through.c_str() : argv[0], &actions, &attributes, argv.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (code != 0) {
    return fail_with(code, "run", command[0]);
  }
  return pid;
}

Result<std::string> read_report(int fd) {
  std::string report;
  char buffer[4096];
  for (;;) {
    pollfd wait = {fd, POLLIN, 0};
    const int ready = poll(&wait, 1, kReportMillis);
    if (ready < 0 && errno == EINTR) {
      continue;
    }
    if (ready == 0) {
      return fail_with(ETIMEDOUT, "hear from the started process");
    }
    const ssize_t count = read(fd, buffer, sizeof buffer);
    if (count < 0) {
      return fail("hear from the started process");
    }
    if (count == 0) {
      return report;
    }
    report.append(buffer, static_cast<size_t>(count));
  }
}

void wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace berth::addon
