#include "work_inside.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "walls.h"

namespace berth {

constexpr unsigned kMostSeconds = 20;

Status work_inside(const std::function<Status()>& work) {
  auto channel = open_channel();
  if (!channel) {
    return channel.error();
  }
  const pid_t pid = fork();
  if (pid < 0) {
    return fail("fork");
  }
  if (pid == 0) {
    channel->parent.reset();
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    signal(SIGALRM, SIG_DFL);
    alarm(kMostSeconds);
    auto done = work();
    if (!done) {
      send_failure(channel->child.get(), done.error());
    }
    _exit(done ? 0 : 1);
  }
  channel->child.reset();
  auto gone = expect_message(channel->parent.get(), Message::kGone);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!gone) {
    return gone.error();
  }
  if (WIFSIGNALED(status)) {
    return fail_with(WTERMSIG(status) == SIGALRM ? ETIMEDOUT : ECHILD, "work in the guest");
  }
  return ok();
}

bool is_own_user_namespace(int user_namespace) {
  struct stat own = {};
  struct stat other = {};
  return stat("/proc/self/ns/user", &own) == 0 && fstat(user_namespace, &other) == 0 &&
         own.st_ino == other.st_ino && own.st_dev == other.st_dev;
}

Result<bool> join_user_namespace(int user_namespace) {
  // The kernel refuses to enter the namespace that one is in; where /proc is covered by now, it says so
  // itself.
  if (setns(user_namespace, CLONE_NEWUSER) != 0) {
    return errno == EINVAL ? Result<bool>(false) : fail("setns", "user");
  }
  auto root = become_root();
  return root ? Result<bool>(true) : root.error();
}

Result<Fd> join_mounts(int mount_namespace) {
  if (setns(mount_namespace, CLONE_NEWNS) != 0) {
    return fail("setns", "mnt");
  }
  Fd root(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root.valid()) {
    return fail("open", "/");
  }
  return root;
}

}  // namespace berth
