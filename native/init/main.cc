// init: PID 1 of an application guest. Runs the command as its only child in a session of its own, with the
// console for its terminal; hands it every signal, reaps whatever becomes an orphan, and ends as it ended.
//   argv: berth-init COMMAND [ARGUMENT…]; descriptor 3: where to say that the command cannot be run.
#include <errno.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "calls.h"
#include "channel.h"
#include "init_name.h"

namespace berth {
namespace {

constexpr int kCannotRun = 127;
constexpr const char* kDefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr unsigned long kEverySignal = ~0UL;
constexpr unsigned long kNoSignal = 0;

// Text of bounded length; what does not fit leaves it broken.
template <unsigned long Room>
class Text {
 public:
  void add(char letter) {
    broken_ = broken_ || length_ == Room;
    if (!broken_) {
      bytes_[length_++] = letter;
    }
  }
  void add(const char* text) {
    for (; *text != '\0'; ++text) {
      add(*text);
    }
  }
  void add(int number) {
    if (number >= 10) {
      add(number / 10);
    }
    add(static_cast<char>('0' + number % 10));
  }
  void clear() {
    length_ = 0;
    broken_ = false;
  }
  bool broken() const { return broken_; }
  unsigned long length() const { return length_; }
  const char* bytes() const { return bytes_; }

 private:
  char bytes_[Room];  // not cleared: every page of it would be touched
  unsigned long length_ = 0;
  bool broken_ = false;
};

void block(const unsigned long& signals) {
  call(SYS_rt_sigprocmask, SIG_SETMASK, address(&signals), 0, sizeof signals);
}

// As send_failure() of channel.h has it.
void tell_failure(int code, const char* action, const char* path) {
  Text<PATH_MAX + 64> message;
  message.add(static_cast<char>(Message::kFailed));
  message.add(code);
  message.add('\0');
  message.add(action);
  message.add('\0');
  message.add(path);
  call(SYS_write, kInitChannel, address(message.bytes()), static_cast<long>(message.length()));
}

bool has_slash(const char* name) {
  for (; *name != '\0'; ++name) {
    if (*name == '/') {
      return true;
    }
  }
  return false;
}

const char* path_in(char* const* environment) {
  for (; *environment != nullptr; ++environment) {
    const char* entry = *environment;
    const char* name = "PATH=";
    for (; *name != '\0' && *entry == *name; ++name, ++entry) {
    }
    if (*name == '\0') {
      return entry;
    }
  }
  return kDefaultPath;
}

int execute(const char* file, char* const* argv, char* const* environment) {
  return static_cast<int>(-call(SYS_execve, address(file), address(argv), address(environment)));
}

// As run_program() of program.h: the errno.
int run(char* const* argv, char* const* environment) {
  if (has_slash(argv[0])) {
    return execute(argv[0], argv, environment);
  }
  int code = ENOENT;
  Text<PATH_MAX> file;
  for (const char* at = path_in(environment);; ++at) {
    if (*at != ':' && *at != '\0') {
      file.add(*at);
      continue;
    }
    if (file.length() > 0) {
      file.add('/');
      file.add(argv[0]);
      file.add('\0');
      const int failed = file.broken() ? ENAMETOOLONG : execute(file.bytes(), argv, environment);
      code = failed == ENOENT || failed == ENOTDIR ? code : failed;
    }
    if (*at == '\0') {
      return code;
    }
    file.clear();
  }
}

[[noreturn]] void run_command(char* const* argv, char* const* environment) {
  block(kNoSignal);
  call(SYS_fcntl, kInitChannel, F_SETFD, FD_CLOEXEC);
  call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
  long terminal = call(SYS_setsid);
  terminal = terminal < 0 ? terminal : call(SYS_ioctl, 0, TIOCSCTTY, 0);
  if (terminal < 0) {
    tell_failure(static_cast<int>(-terminal), "take the terminal", "/dev/console");
    leave(kCannotRun);
  }
  tell_failure(run(argv, environment), "exec", argv[0]);
  leave(kCannotRun);
}

// No signal of its own can end PID 1: what ended the command is left in the name.
[[noreturn]] void end_as(int status) {
  if (WIFEXITED(status)) {
    leave(WEXITSTATUS(status));
  }
  Text<16> name;
  name.add(kInitSignalled);
  name.add(WTERMSIG(status));
  name.add('\0');
  call(SYS_prctl, PR_SET_NAME, address(name.bytes()));
  leave(128 + WTERMSIG(status));
}

[[noreturn]] void serve(long command) {
  for (;;) {
    const long number = call(SYS_rt_sigtimedwait, address(&kEverySignal), 0, 0, sizeof kEverySignal);
    if (number > 0 && number != SIGCHLD) {
      call(SYS_kill, command, number);
    }
    // One SIGCHLD may stand for many.
    int status = 0;
    for (long ended = 0; (ended = call(SYS_wait4, -1, address(&status), WNOHANG, 0)) > 0;) {
      if (ended == command) {
        end_as(status);
      }
    }
  }
}

// What the kernel leaves on the stack: how many arguments, the arguments, nothing, the environment, nothing.
extern "C" [[noreturn, gnu::used]] void berth_init(const long* stack) {
  const long count = *stack;
  auto* argv = reinterpret_cast<char* const*>(stack + 1);
  char* const* environment = argv + count + 1;
  if (count < 2) {
    leave(kCannotRun);
  }
  block(kEverySignal);
  call(SYS_prctl, PR_SET_NAME, address("init"));  // by a descriptor it was called by that one's number
  const long command = call(SYS_clone, SIGCHLD);
  if (command == 0) {
    run_command(argv + 1, environment);
  }
  if (command < 0) {
    tell_failure(static_cast<int>(-command), "fork", "");
    leave(kCannotRun);
  }
  call(SYS_close, kInitChannel);
  serve(command);
}

BERTH_START(berth_init);

}  // namespace
}  // namespace berth
