// Of the tests: `failing-disk FLAG COMMAND…` becomes COMMAND, under a filter (seccomp_unotify(2)) by which
// every fsync(2) and fdatasync(2), and every pwrite64(2) to a file, of it and of all that it starts fails
// with EIO for as long as the file FLAG is there, and every pread64(2) for as long as FLAG.reads is: what a
// disk answers that is dying. Without them the kernel does what it was asked. A child that answers lives as
// long as any of them.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ASK_FOR(call) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF)

// The listener's descriptor, for as long as two processes have one table of them.
enum { SHARED = 200 };

static int install(void) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      ASK_FOR(SYS_fsync),
      ASK_FOR(SYS_fdatasync),
      ASK_FOR(SYS_pwrite64),
      ASK_FOR(SYS_pread64),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

static void answer(int listener, const char* flag) {
  char reads[4096];
  snprintf(reads, sizeof reads, "%s.reads", flag);
  struct pollfd ready = {.fd = listener, .events = POLLIN};
  while (poll(&ready, 1, -1) >= 0 || errno == EINTR) {
    if ((ready.revents & POLLIN) == 0) {
      if ((ready.revents & (POLLHUP | POLLERR)) != 0) {
        return;  // the last one has gone
      }
      continue;
    }
    struct seccomp_notif asked;
    memset(&asked, 0, sizeof asked);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0) {
      continue;  // it was killed meanwhile
    }
    struct seccomp_notif_resp told = {.id = asked.id};
    if (access(asked.data.nr == SYS_pread64 ? reads : flag, F_OK) == 0) {
      told.error = -EIO;
    } else {
      told.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    }
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &told);
  }
}

int main(int count, char** words) {
  if (count < 3) {
    fprintf(stderr, "usage: failing-disk FLAG COMMAND...\n");
    return 2;
  }
  // Outside of the filter, or it would keep it alive; it finds the listener among the descriptors that both
  // have.
  const pid_t child = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
  if (child < 0) {
    perror("clone");
    return 1;
  }
  if (child == 0) {
    setsid();
    while (fcntl(SHARED, F_GETFD) < 0) {
      usleep(1000);
    }
    unshare(CLONE_FILES);
    for (int fd = 0; fd <= 2; fd++) {
      close(fd);
    }
    answer(SHARED, words[1]);
    _exit(0);
  }
  const int listener = install();
  if (listener < 0 || dup3(listener, SHARED, O_CLOEXEC) < 0) {
    perror("seccomp");
    kill(child, SIGKILL);
    return 1;
  }
  close(listener);
  execvp(words[2], words + 2);
  perror(words[2]);
  return 127;
}
