// enter exec: the caller's 0, 1 and 2, the guest's everything else.
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "frame.h"
#include "join.h"
#include "sys.h"

namespace berth {
namespace {

constexpr int kFailed = 125;
constexpr int kNotExecutable = 126;
constexpr int kNotFound = 127;

// One line for a person on stderr; the exit status as shells have it.
int say(const Error& error) {
  const std::string what = error.action == "exec" ? "cannot run" : "cannot " + error.action;
  const char* why = error.code == ENOENT ? "it does not exist in the guest" : strerror(error.code);
  const std::string line =
      error.code == ESRCH ? "the guest does not run" : what + " " + error.path + ": " + why;
  (void)write_all(2, "berth: " + line + "\n");
  if (error.action != "exec") {
    return kFailed;
  }
  return error.code == ENOENT || error.code == ENOTDIR ? kNotFound : kNotExecutable;
}

Fd caught_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT}) {
    sigaddset(&set, number);
  }
  sigprocmask(SIG_SETMASK, &set, nullptr);
  return Fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

// Hand on the signals that come here until the process has ended.
void wait_for(const Joined& joined, int signals) {
  std::array<pollfd, 2> watched = {{{joined.process.get(), POLLIN, 0}, {signals, POLLIN, 0}}};
  while ((watched[0].revents & POLLIN) == 0) {
    if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) {
      return;
    }
    signalfd_siginfo info = {};
    if ((watched[1].revents & POLLIN) != 0 && read(signals, &info, sizeof info) == sizeof info) {
      syscall(SYS_pidfd_send_signal, joined.process.get(), static_cast<int>(info.ssi_signo), nullptr, 0);
    }
  }
}

}  // namespace

int run_exec(const Options& options) {
  auto target = find_target(options.run_dir);
  if (!target) {
    return say(target.error());
  }
  const Fd signals = caught_signals();
  auto joined = spawn_inside(*target, options);
  if (!joined) {
    return say(joined.error());
  }
  auto started = expect_message(joined->channel.get(), Message::kGone);
  wait_for(*joined, signals.get());
  int status = 0;
  while (waitpid(joined->pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!started) {
    return say(started.error());
  }
  const Exit exit = exit_of(status);
  return exit.signalled ? 128 + exit.status : exit.status;
}

}  // namespace berth
