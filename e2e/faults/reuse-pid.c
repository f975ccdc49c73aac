// Of the tests: `reuse-pid PID...` starts a process that only waits under each of these numbers (clone3(2),
// set_tid), says `ready`, and ends with its stdin, and they with it. 1 where a number is taken.
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char** argv) {
  for (int at = 1; at < argc; at++) {
    pid_t number = atoi(argv[at]);
    struct clone_args args = {
        .exit_signal = SIGCHLD, .set_tid = (uint64_t)(uintptr_t)&number, .set_tid_size = 1};
    const long pid = syscall(SYS_clone3, &args, sizeof args);
    if (pid < 0) {
      perror("clone3");
      return 1;
    }
    if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (;;) {
        pause();
      }
    }
  }
  puts("ready");
  fflush(stdout);
  char byte = 0;
  while (read(0, &byte, 1) > 0) {
  }
  return 0;
}
