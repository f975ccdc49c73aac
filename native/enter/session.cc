// enter session: a shell on a terminal of the guest's own, held here so that it outlives the server.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "detach.h"
#include "holder.h"
#include "join.h"
#include "report.h"
#include "sys.h"

namespace berth {
namespace {

struct Session {
  Options options;
  Target target;
  Fd dir, timer;
  bool made_dir = false;
  Joined shell;
  std::unique_ptr<Holder> holder;
};

Status make_folder(Session& session) {
  const std::string& path = session.options.session_dir;
  session.made_dir = mkdir(path.c_str(), 0700) == 0;
  if (!session.made_dir && errno != EEXIST) {
    return fail("mkdir", path);
  }
  session.dir = Fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  return session.dir.valid() ? ok() : Status(fail("open", path));
}

void remove_folder(const Session& session) {
  if (session.dir.valid()) {
    unlinkat(session.dir.get(), wire::kSocketFile, 0);
    unlinkat(session.dir.get(), wire::kRingFile, 0);
  }
  if (session.made_dir) {
    rmdir(session.options.session_dir.c_str());
  }
}

void signal_shell(const Session& session, int number) {
  syscall(SYS_pidfd_send_signal, session.shell.process.get(), number, nullptr, 0);
}

// Hang up; what stays after the time limit is killed.
void stop(const Session& session, bool force, uint32_t timeout_ms) {
  signal_shell(session, force ? SIGKILL : SIGHUP);
  signal_shell(session, SIGCONT);
  itimerspec when = {};
  when.it_value.tv_sec = timeout_ms / 1000;
  when.it_value.tv_nsec = static_cast<long>(timeout_ms % 1000) * 1'000'000 + 1;
  timerfd_settime(session.timer.get(), 0, &when, nullptr);
}

void end(Session& session) {
  int status = 0;
  while (waitpid(session.shell.pid, &status, 0) < 0 && errno == EINTR) {
  }
  session.shell.pid = -1;
  session.holder->drain();
  const Exit exit = exit_of(status);
  (void)replace_file(session.dir.get(), wire::kExitFile, encode_exit_file(exit), 0600);
  session.holder->finish(exit);
}

Status watch(Session& session) {
  session.timer = Fd(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!session.timer.valid()) {
    return fail("timerfd_create");
  }
  BERTH_TRY(session.holder->watch(session.timer.get(), [&session] {
    uint64_t expired = 0;
    if (read(session.timer.get(), &expired, sizeof expired) > 0) {
      signal_shell(session, SIGKILL);
    }
  }));
  return session.holder->watch(session.shell.process.get(), [&session] {
    if (session.shell.pid > 0) {
      end(session);
    }
  });
}

Status start(Session& session) {
  BERTH_TRY(make_folder(session));
  HolderOptions options;
  options.dir = session.dir.get();
  options.may_pause = true;
  options.columns = session.options.columns;
  options.rows = session.options.rows;
  options.on_stop = [&session](bool force, uint32_t timeout_ms) { stop(session, force, timeout_ms); };
  auto holder = Holder::open(std::move(options));
  if (!holder) {
    return holder.error();
  }
  session.holder = std::move(*holder);
  auto shell = spawn_inside(session.target, session.options);
  if (!shell) {
    return shell.error();
  }
  session.shell = std::move(*shell);
  auto terminal = expect_message(session.shell.channel.get(), Message::kTerminal);
  if (!terminal) {
    return terminal.error();
  }
  BERTH_TRY(session.holder->hold(std::move(terminal->fd), session.shell.pid));
  BERTH_TRY(watch(session));
  auto gone = expect_message(session.shell.channel.get(), Message::kGone);
  session.shell.channel.reset();
  return gone ? ok() : Status(gone.error());
}

}  // namespace

int run_session(const Options& options) {
  Report report(wire::kReportDescriptor);
  close_strays();
  auto target = find_target(options.run_dir);
  Status detached = target ? detach(*target->layout, target->spec.supervisor_cgroup) : Status(target.error());
  if (!detached) {
    report.error(detached.error());
    return 1;
  }
  signal(SIGPIPE, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  Session session;
  session.options = options;
  session.target = std::move(*target);
  auto started = start(session);
  if (!started) {
    signal_shell(session, SIGKILL);
    if (session.shell.pid > 0) {
      waitpid(session.shell.pid, nullptr, 0);
    }
    session.holder.reset();
    remove_folder(session);
    report.error(started.error());
    return 1;
  }
  auto start_time = start_time_of(session.shell.pid);
  report.ready(session.shell.pid, start_time ? *start_time : 0, getpid());
  shed_memory();
  return session.holder->run() ? 0 : 1;
}

}  // namespace berth
