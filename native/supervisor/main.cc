// supervisor: one per running guest. The spec comes on descriptor 3, the start report goes to descriptor 4;
// protocol/README.md says both. Outlives the process that started it.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "guest.h"
#include "sys.h"

namespace berth {
namespace {

Status leave_parent() {
  const pid_t pid = fork();
  if (pid < 0) {
    return fail("fork");
  }
  if (pid > 0) {
    _exit(0);
  }
  if (setsid() < 0 || chdir("/") != 0) {
    return fail("setsid");
  }
  // The server's pipes must not stay open here, nor anything else that it forgot to close.
  const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) {
    return fail("open", "/dev/null");
  }
  for (int fd = 0; fd < 3; ++fd) {
    dup2(null, fd);
  }
  syscall(SYS_close_range, wire::kReportDescriptor + 1, ~0U, 0);
  return ok();
}

void prepare_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_SETMASK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);
}

int supervise(Report& report) {
  auto text = read_all(wire::kSpecDescriptor, wire::kMaxSpecBytes);
  if (!text) {
    report.error(text.error().in("read the spec"));
    return 1;
  }
  close(wire::kSpecDescriptor);
  auto spec = parse_spec(*text);
  if (!spec) {
    report.error(spec.error());
    return 1;
  }
  Error failure;
  {
    Guest guest(std::move(*spec));
    auto started = guest.start(report, *text);
    if (started) {
      return guest.run() ? 0 : 1;
    }
    failure = started.error();
  }
  report.error(failure);  // after the guest is gone: who reads it may start again at once
  return 1;
}

}  // namespace
}  // namespace berth

int main(int, char** argv) {
  using namespace berth;
  auto guarded = run_from_read_only(argv, environ);
  Report report(wire::kReportDescriptor);
  if (guarded) {
    guarded = leave_parent();
  }
  if (!guarded) {
    report.error(guarded.error());
    return 1;
  }
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  prepare_signals();
  return supervise(report);
}
