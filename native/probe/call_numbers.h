// Numbers of the calls that probes make, by each entry of the kernel. Those of i386 and x32 are written down:
// the headers of one entry do not go beside those of another.
#pragma once

#include <sys/syscall.h>

namespace berth::probe {

struct CallNumbers {
  const char* name;
  long native;  // -1: this entry has none
  long i386;
  long x32;  // without its bit
};

#ifndef SYS_quotactl_fd  // headers of before Linux 5.14
#define SYS_quotactl_fd 443
#endif

constexpr CallNumbers kCallNumbers[] = {
    {"acct", SYS_acct, 51, 163},
    {"add_key", SYS_add_key, 286, 248},
    {"bpf", SYS_bpf, 357, 321},
    {"clock_settime", SYS_clock_settime, 264, 227},
    {"clone", SYS_clone, 120, 56},
    {"clone3", SYS_clone3, 435, 435},
    {"delete_module", SYS_delete_module, 129, 176},
    {"fanotify_init", SYS_fanotify_init, 338, 300},
    {"finit_module", SYS_finit_module, 350, 313},
    {"fsconfig", SYS_fsconfig, 431, 431},
    {"fsmount", SYS_fsmount, 432, 432},
    {"fsopen", SYS_fsopen, 430, 430},
    {"fspick", SYS_fspick, 433, 433},
    {"getpid", SYS_getpid, 20, 39},
    {"init_module", SYS_init_module, 128, 175},
    {"io_uring_enter", SYS_io_uring_enter, 426, 426},
    {"io_uring_register", SYS_io_uring_register, 427, 427},
    {"io_uring_setup", SYS_io_uring_setup, 425, 425},
    {"ioctl", SYS_ioctl, 54, 514},
    {"kcmp", SYS_kcmp, 349, 312},
    {"kexec_load", SYS_kexec_load, 283, 528},
    {"keyctl", SYS_keyctl, 288, 250},
    {"migrate_pages", SYS_migrate_pages, 294, 256},
    {"mount", SYS_mount, 21, 165},
    {"mount_setattr", SYS_mount_setattr, 442, 442},
    {"move_mount", SYS_move_mount, 429, 429},
    {"move_pages", SYS_move_pages, 317, 533},
    {"open_by_handle_at", SYS_open_by_handle_at, 342, 304},
    {"open_tree", SYS_open_tree, 428, 428},
    {"perf_event_open", SYS_perf_event_open, 336, 298},
    {"pivot_root", SYS_pivot_root, 217, 155},
    {"quotactl", SYS_quotactl, 131, 179},
    {"quotactl_fd", SYS_quotactl_fd, 443, 443},
    {"reboot", SYS_reboot, 88, 169},
    {"request_key", SYS_request_key, 287, 249},
    {"setdomainname", SYS_setdomainname, 121, 171},
    {"sethostname", SYS_sethostname, 74, 170},
    {"setns", SYS_setns, 346, 308},
    {"settimeofday", SYS_settimeofday, 79, 164},
    {"socket", SYS_socket, 359, 41},
    {"swapoff", SYS_swapoff, 115, 168},
    {"swapon", SYS_swapon, 87, 167},
    {"syslog", SYS_syslog, 103, 103},
    {"umount2", SYS_umount2, 52, 166},
    {"unshare", SYS_unshare, 310, 272},
    {"userfaultfd", SYS_userfaultfd, 374, 323},
    {"vhangup", SYS_vhangup, 111, 153},
#ifdef __x86_64__
    {"ioperm", SYS_ioperm, 101, 173},
    {"iopl", SYS_iopl, 110, 172},
    {"kexec_file_load", SYS_kexec_file_load, -1, 320},
    {"lookup_dcookie", SYS_lookup_dcookie, 253, 212},
    {"stime", -1, 25, -1},
    {"socketcall", -1, 102, -1},
    {"umount", -1, 22, -1},
    {"vm86", -1, 166, -1},
    {"vm86old", -1, 113, -1},
#endif
};

}  // namespace berth::probe
