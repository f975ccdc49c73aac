// Starting supervisors and `enter session`; making guests' folders and removing what they wrote.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <map>
#include <memory>
#include <mutex>

#include "remove-tree.h"
#include "sys.h"
#include "task.h"
#include "wire.h"

namespace berth::addon {
namespace {

// A start that takes longer hangs: the slowest (a cold image on a slow disk) takes seconds.
constexpr int kReportMillis = 120'000;

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

// Out of the way of the numbers that the child will see.
constexpr int kAbove = 16;

Fd lift(Fd fd) {
  return Fd(fcntl(fd.get(), F_DUPFD_CLOEXEC, kAbove));
}

constexpr int kProgramDescriptor = wire::kReportDescriptor + 1;

// What we start runs from a read-only mount, so that nobody inside can write to the host's copy of it
// (CVE-2019-5736). It would see to that itself, by a second exec; a mount that we keep saves it.
class Programs {
 public:
  Result<Fd> open(const std::string& path) {
    const std::lock_guard<std::mutex> lock(mutex_);
    struct stat now = {};
    if (stat(path.c_str(), &now) != 0) {
      return fail("run", path);
    }
    Program& program = programs_[path];
    if (!program.mount.valid() || !same(program.facts, now)) {
      Result<Fd> mount = read_only_mount(path);
      if (!mount) {
        return mount;
      }
      program = {std::move(*mount), now};
    }
    Fd copy(fcntl(program.mount.get(), F_DUPFD_CLOEXEC, kAbove));
    return copy.valid() ? Result<Fd>(std::move(copy)) : fail("duplicate a descriptor");
  }

 private:
  struct Program {
    Fd mount;
    struct stat facts;
  };
  // Another build of it has come in its place.
  static bool same(const struct stat& one, const struct stat& other) {
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino &&
           one.st_ctim.tv_sec == other.st_ctim.tv_sec && one.st_ctim.tv_nsec == other.st_ctim.tv_nsec;
  }
  std::mutex mutex_;
  std::map<std::string, Program> programs_;
};

Programs& programs() {
  static Programs all;
  return all;
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

Result<std::string> spawn_reporting(const std::vector<std::string>& command, const std::string& spec) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return fail("make a pipe");
  }
  const Fd reading(ends[0]);
  Fd writing = lift(Fd(ends[1]));
  Result<Fd> memory = sealed(spec);
  if (!memory) {
    return memory.error();
  }
  const Fd lifted = lift(std::move(*memory));
  if (!writing.valid() || !lifted.valid()) {
    return fail("duplicate a descriptor");
  }
  Result<pid_t> pid = spawn_with(command, lifted.get(), writing.get());
  if (!pid) {
    return pid.error();
  }
  writing.reset();
  Result<std::string> report = read_report(reading.get());
  if (!report) {
    ::kill(*pid, SIGKILL);
  }
  // The one that we started leaves at once; the holder goes on as a child of init.
  int status = 0;
  while (waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
  }
  return report;
}

// spawnReporting(command, spec) → the report's text: the spec on descriptor 3, the report from descriptor 4.
Napi::Value spawn_and_hear(const Napi::CallbackInfo& info) {
  const auto spec = info[1].As<Napi::Buffer<char>>();
  return Task<std::string>::run(
      info.Env(),
      [command = texts(info[0]), bytes = std::string(spec.Data(), spec.Length())] {
        return spawn_reporting(command, bytes);
      },
      [](Napi::Env env, std::string& report) -> Napi::Value { return Napi::String::New(env, report); });
}

Napi::Value remove_tree_of(const Napi::CallbackInfo& info) {
  return run_status(info.Env(), [path = text(info[0])] { return remove_tree(path); });
}

// MODE whatever the umask, which belongs to the whole process.
Status make_folder(int dir, const char* name, mode_t mode) {
  if (mkdirat(dir, name, mode) != 0 && errno != EEXIST) {
    return fail("make the folder", name);
  }
  return fchmodat(dir, name, mode, 0) == 0 ? ok() : Status(fail("change the mode of the folder", name));
}

Status make_guest_folder(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return fail("make the folder", path);
  }
  const Fd dir(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!dir.valid()) {
    return fail("open", path);
  }
  BERTH_TRY(make_folder(dir.get(), "upper", 0755));
  return make_folder(dir.get(), "work", 0700);
}

// makeGuestFolder(path): the parent is there
Napi::Value make_guest_folder_at(const Napi::CallbackInfo& info) {
  return run_status(info.Env(), [path = text(info[0])] { return make_guest_folder(path); });
}

}  // namespace

void add_processes(Napi::Env env, Napi::Object exports) {
  exports.Set("spawnReporting", Napi::Function::New(env, spawn_and_hear));
  exports.Set("makeGuestFolder", Napi::Function::New(env, make_guest_folder_at));
  exports.Set("removeTree", Napi::Function::New(env, remove_tree_of));
}

}  // namespace berth::addon
