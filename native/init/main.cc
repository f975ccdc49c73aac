// init: PID 1 of an application guest. Runs the command as its only child in a session of its own, with the
// console for its terminal; hands it every signal, reaps whatever becomes an orphan, and ends as it ended.
//   argv: berth-init COMMAND [ARGUMENT…]; descriptor 3: where to say that the command cannot be run.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "channel.h"
#include "init_name.h"
#include "program.h"
#include "sys.h"

namespace berth {
namespace {

constexpr int kCannotRun = 127;

[[noreturn]] void run_command(char** argv, char** environment) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  fcntl(kInitChannel, F_SETFD, FD_CLOEXEC);
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (setsid() < 0 || ioctl(0, TIOCSCTTY, 0) != 0) {
    send_failure(kInitChannel, fail("take the terminal", "/dev/console"));
    _exit(kCannotRun);
  }
  std::vector<std::string> args;
  for (; *argv != nullptr; ++argv) {
    args.emplace_back(*argv);
  }
  std::vector<std::string> env;
  for (; *environment != nullptr; ++environment) {
    env.emplace_back(*environment);
  }
  send_failure(kInitChannel, run_program(args, env));
  _exit(kCannotRun);
}

// No signal of its own can end PID 1: what ended the command is left in the name.
[[noreturn]] void end_as(int status) {
  if (WIFEXITED(status)) {
    _exit(WEXITSTATUS(status));
  }
  std::array<char, 16> name = {};
  (void)snprintf(name.data(), name.size(), "%s%d", kInitSignalled, WTERMSIG(status));
  prctl(PR_SET_NAME, name.data(), 0, 0, 0);
  _exit(128 + WTERMSIG(status));
}

[[noreturn]] void serve(pid_t command, const sigset_t& all) {
  for (;;) {
    const int number = sigwaitinfo(&all, nullptr);
    if (number > 0 && number != SIGCHLD) {
      kill(command, number);
    }
    // One SIGCHLD may stand for many.
    int status = 0;
    for (pid_t ended = 0; (ended = waitpid(-1, &status, WNOHANG)) > 0;) {
      if (ended == command) {
        end_as(status);
      }
    }
  }
}

}  // namespace
}  // namespace berth

int main(int argc, char** argv) {
  using namespace berth;
  if (argc < 2) {
    return kCannotRun;
  }
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
  const pid_t command = fork();
  if (command == 0) {
    run_command(argv + 1, environ);
  }
  if (command < 0) {
    send_failure(kInitChannel, fail("fork"));
    return kCannotRun;
  }
  close(kInitChannel);
  shed_memory();
  serve(command, all);
}
