import type { OciSeccomp } from '../guest/seccomp-schema.ts';

const words = (text: string): string[] => text.trim().split(/\s+/);

/** A profile laid out as Docker's default.json is, for tests: every kind of rule and condition that it has. */
export const DOCKER_PROFILE: OciSeccomp = {
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: 1,
  archMap: [
    { architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'] },
    { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: ['SCMP_ARCH_ARM'] },
    { architecture: 'SCMP_ARCH_S390X', subArchitectures: ['SCMP_ARCH_S390'] },
  ],
  syscalls: [
    {
      names: words(`
        accept accept4 access alarm bind brk cachestat capget capset chdir chmod chown clock_getres clock_gettime
        clock_gettime64 clock_nanosleep close close_range connect copy_file_range creat dup dup2 dup3 epoll_create
        epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd2 execve execveat exit exit_group faccessat
        faccessat2 fadvise64 fallocate fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fcntl64 fdatasync fgetxattr
        flock fork fstat fstat64 fstatat64 fstatfs fsync ftruncate futex futex_waitv getcpu getcwd getdents getdents64
        getegid geteuid getgid getgroups getitimer getpeername getpgid getpgrp getpid getppid getpriority getrandom
        getresgid getresuid getrlimit get_robust_list getrusage getsid getsockname getsockopt get_thread_area gettid
        gettimeofday getuid getxattr inotify_add_watch inotify_init1 ioctl io_setup ioprio_get kill lchown link linkat
        listen lseek lstat lstat64 madvise map_shadow_stack membarrier memfd_create mkdir mkdirat mmap mmap2 mprotect
        mremap msync munmap nanosleep newfstatat _newselect open openat openat2 pause pidfd_open pipe pipe2 poll ppoll prctl
        pread64 prlimit64 pselect6 pwrite64 read readlink readlinkat readv recv recvfrom recvmsg rename renameat2
        restart_syscall rmdir rseq rt_sigaction rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait
        sched_getaffinity sched_yield seccomp select sendfile sendmsg sendto setfsgid setgid setgroups setpgid setregid
        setresgid setresuid setreuid setrlimit set_robust_list setsid setsockopt set_thread_area set_tid_address setuid
        shutdown sigaltstack signalfd4 socketcall socketpair splice stat stat64 statfs statx symlink sync sysinfo tgkill
        time times tkill truncate umask uname unlink unlinkat utime utimensat vfork wait4 waitid waitpid write writev`),
      action: 'SCMP_ACT_ALLOW',
    },
    { names: ['process_vm_readv', 'ptrace'], action: 'SCMP_ACT_ALLOW', includes: { minKernel: '4.8' } },
    {
      names: ['socket'],
      action: 'SCMP_ACT_ALLOW',
      args: [{ index: 0, value: 40, op: 'SCMP_CMP_NE' }],
    },
    ...[0, 8, 131_072, 131_080, 4_294_967_295].map((value) => ({
      names: ['personality'],
      action: 'SCMP_ACT_ALLOW' as const,
      args: [{ index: 0, value, op: 'SCMP_CMP_EQ' as const }],
    })),
    {
      names: ['sync_file_range2', 'swapcontext'],
      action: 'SCMP_ACT_ALLOW',
      includes: { arches: ['ppc64le'] },
    },
    { names: ['arch_prctl', 'modify_ldt'], action: 'SCMP_ACT_ALLOW', includes: { arches: ['amd64', 'x32'] } },
    { names: ['open_by_handle_at'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_DAC_READ_SEARCH'] } },
    {
      names: words('bpf clone clone3 mount setns sethostname umount2 unshare'),
      action: 'SCMP_ACT_ALLOW',
      includes: { caps: ['CAP_SYS_ADMIN'] },
    },
    {
      names: ['clone'],
      action: 'SCMP_ACT_ALLOW',
      args: [{ index: 0, value: 2_114_060_288, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
      excludes: { caps: ['CAP_SYS_ADMIN'], arches: ['s390', 's390x'] },
    },
    {
      names: ['clone3'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: 38,
      comment: 'so that C libraries use clone',
      excludes: { caps: ['CAP_SYS_ADMIN'] },
    },
    { names: ['chroot'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_CHROOT'] } },
  ],
};
