// The floor: what the bare system calls of a guest's life take, without a supervisor, a console or a server
// around them. It makes what Berth makes: a group with limits in every hierarchy, all namespaces, an id
// range, an overlay of idmapped layers, a veth pair on a bridge, the mounts of /proc, /sys and /dev; runs
// `true`; and leaves nothing.
//
// floor ROUNDS IMAGE DIR BRIDGE LINK_PREFIX IPV4 GATEWAY ID_BASE GROUP MOUNT...
// With FLOOR_FILTER set it raises the walls of a guest as well, and gives it what else Berth does
// (floor-walls.h). GROUP: below each MOUNT of a cgroup hierarchy, there already. One line of JSON a round: micros of each
// phase.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/if_link.h>
#include <linux/mount.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/veth.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// <sys/mount.h> and <linux/mount.h> do not go together with every libc.
int mount(const char* source, const char* target, const char* type, unsigned long flags, const void* data);
int umount2(const char* target, int flags);
enum {
  kReadOnly = 1,
  kNoSuid = 2,
  kNoDev = 4,
  kNoExec = 8,
  kBind = 4096,
  kRecursive = 16384,
  kSlave = 1 << 19
};
enum { kDetach = 2 };

enum { kMostHierarchies = 24 };

enum Phase {
  kCgroup,
  kClone,
  kMap,
  kLink,
  kRoot,
  kJoin,
  kGuestNet,
  kMounts,
  kRun,
  kRemoveCgroup,
  kRemoveFiles,
  kPhases
};
static const char* const kNames[kPhases] = {"cgroup",      "clone",         "map",         "link",
                                            "root",        "join",          "network",     "mounts",
                                            "exec to end", "remove cgroup", "remove files"};

static struct {
  const char *image, *dir, *bridge, *prefix, *ipv4, *gateway, *group;
  unsigned id_base;
  int hierarchies[kMostHierarchies];
  char processors[256];  // of v1's cpuset: a new group has none
  int v2;                // which of them, or -1
  int count;
} plan = {.v2 = -1};

// The child's own times, in shared memory: when it began to join, had joined, had its network, runs its
// program.
static volatile double* told;

static void die(const char* what) {
  fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
  exit(1);
}

static long must(long result, const char* what) {
  if (result < 0) {
    die(what);
  }
  return result;
}

static double micros(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

// Returns 0 where the file is not there: a controller of another hierarchy.
static int put(int dir, const char* file, const char* text) {
  const int fd = openat(dir, file, O_WRONLY | O_CLOEXEC);
  if (fd < 0) {
    return 0;
  }
  if (write(fd, text, strlen(text)) < 0) {
    die(file);
  }
  close(fd);
  return 1;
}

// ---- groups

static void limit(int dir) {
  if (put(dir, "cpuset.mems", "0")) {
    put(dir, "cpuset.cpus", plan.processors);
  }
  if (put(dir, "cpu.cfs_quota_us", "100000") == 0) {
    put(dir, "cpu.max", "100000 100000");
  }
  if (put(dir, "memory.limit_in_bytes", "268435456") == 0) {
    put(dir, "memory.max", "268435456");
  }
  put(dir, "pids.max", "512");
  if (put(dir, "devices.deny", "a")) {
    static const char* const kDevices[] = {"c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm",
                                           "c 1:9 rwm", "c 5:0 rwm", "c 5:2 rwm", "c 136:* rwm"};
    for (size_t i = 0; i < sizeof kDevices / sizeof *kDevices; i++) {
      put(dir, "devices.allow", kDevices[i]);
    }
  }
}

static void make_groups(const char* name, int* groups) {
  for (int i = 0; i < plan.count; i++) {
    must(mkdirat(plan.hierarchies[i], name, 0755), "mkdir a group");
    groups[i] =
        (int)must(openat(plan.hierarchies[i], name, O_PATH | O_DIRECTORY | O_CLOEXEC), "open a group");
    limit(groups[i]);
  }
}

static void remove_groups(const char* name, const int* groups) {
  for (int i = 0; i < plan.count; i++) {
    close(groups[i]);
    while (unlinkat(plan.hierarchies[i], name, AT_REMOVEDIR) != 0) {
      if (errno != EBUSY) {
        die("remove a group");
      }
      usleep(50);
    }
  }
}

// ---- rtnetlink(7)

struct request {
  struct nlmsghdr head;
  char rest[1024];
};

static void add(struct request* request, int type, const void* data, size_t length) {
  struct rtattr* at = (void*)((char*)request + NLMSG_ALIGN(request->head.nlmsg_len));
  at->rta_type = (unsigned short)type;
  at->rta_len = (unsigned short)RTA_LENGTH(length);
  if (length > 0) {
    memcpy(RTA_DATA(at), data, length);
  }
  request->head.nlmsg_len = NLMSG_ALIGN(request->head.nlmsg_len) + RTA_ALIGN(at->rta_len);
}

static struct rtattr* begin(struct request* request, int type) {
  struct rtattr* at = (void*)((char*)request + NLMSG_ALIGN(request->head.nlmsg_len));
  add(request, type, NULL, 0);
  return at;
}

static void end(struct request* request, struct rtattr* at) {
  at->rta_len = (unsigned short)((char*)request + request->head.nlmsg_len - (char*)at);
}

static void* start(struct request* request, int type, int flags, size_t length) {
  memset(request, 0, sizeof *request);
  request->head.nlmsg_type = (unsigned short)type;
  request->head.nlmsg_flags = (unsigned short)(NLM_F_REQUEST | NLM_F_ACK | flags);
  request->head.nlmsg_len = (unsigned)NLMSG_LENGTH(length);
  return NLMSG_DATA(&request->head);
}

static void talk(int netlink, struct request* request, const char* what) {
  char answer[4096];
  must(send(netlink, request, request->head.nlmsg_len, 0), what);
  must(recv(netlink, answer, sizeof answer, 0), what);
  const struct nlmsghdr* head = (void*)answer;
  const struct nlmsgerr* error = NLMSG_DATA(head);
  if (head->nlmsg_type == NLMSG_ERROR && error->error != 0) {
    errno = -error->error;
    die(what);
  }
}

static int open_netlink(void) {
  return (int)must(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "netlink");
}

#include "floor-walls.h"

static const unsigned char kMac[6] = {2, 0, 0, 0, 255, 255};

static void make_link(int netlink, const char* name, int netns) {
  struct request request;
  struct ifinfomsg* link = start(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof *link);
  if (!walled()) {
    link->ifi_flags = link->ifi_change = IFF_UP;
  }
  const unsigned bridge = if_nametoindex(plan.bridge);
  add(&request, IFLA_IFNAME, name, strlen(name) + 1);
  add(&request, IFLA_MASTER, &bridge, sizeof bridge);
  struct rtattr* info = begin(&request, IFLA_LINKINFO);
  add(&request, IFLA_INFO_KIND, "veth", 5);
  struct rtattr* data = begin(&request, IFLA_INFO_DATA);
  struct rtattr* peer = begin(&request, VETH_INFO_PEER);
  request.head.nlmsg_len += NLMSG_ALIGN(sizeof(struct ifinfomsg));
  add(&request, IFLA_IFNAME, "eth0", 5);
  add(&request, IFLA_ADDRESS, kMac, sizeof kMac);
  add(&request, IFLA_NET_NS_FD, &netns, sizeof netns);
  end(&request, peer);
  end(&request, data);
  end(&request, info);
  talk(netlink, &request, "make a veth pair");
}

static void set_up(int netlink, int index) {
  struct request request;
  struct ifinfomsg* link = start(&request, RTM_NEWLINK, 0, sizeof *link);
  link->ifi_index = index;
  link->ifi_flags = link->ifi_change = IFF_UP;
  talk(netlink, &request, "set a link up");
}

static void finish_link(int netlink, const char* name) {
  if (walled()) {
    lock_port(netlink, name, kMac);
    set_up(netlink, (int)if_nametoindex(name));
  }
}

static void configure_network(void) {
  const int netlink = open_netlink();
  struct request request;
  set_up(netlink, 1);
  const int index = (int)if_nametoindex("eth0");
  struct ifaddrmsg* address = start(&request, RTM_NEWADDR, NLM_F_CREATE, sizeof *address);
  address->ifa_family = AF_INET;
  address->ifa_prefixlen = 20;
  address->ifa_index = (unsigned)index;
  const in_addr_t own = inet_addr(plan.ipv4);
  add(&request, IFA_LOCAL, &own, sizeof own);
  add(&request, IFA_ADDRESS, &own, sizeof own);
  talk(netlink, &request, "add an address");
  if (walled()) {
    add_ipv6(netlink, index);
  }
  set_up(netlink, index);
  struct rtmsg* route = start(&request, RTM_NEWROUTE, NLM_F_CREATE, sizeof *route);
  route->rtm_family = AF_INET;
  route->rtm_table = RT_TABLE_MAIN;
  route->rtm_protocol = RTPROT_BOOT;
  route->rtm_type = RTN_UNICAST;
  const in_addr_t gateway = inet_addr(plan.gateway);
  add(&request, RTA_GATEWAY, &gateway, sizeof gateway);
  talk(netlink, &request, "add a route");
  if (walled()) {
    add_route6(netlink);
  }
  close(netlink);
}

// ---- the root

static int idmapped(const char* path, int userns) {
  const int tree =
      (int)must(syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC), path);
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)userns};
  must(syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes), "idmap");
  return tree;
}

// An overlay keeps the identity of who mounts it: the guest's root on disk, with the powers over files.
static void become_guest_root(void) {
  struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2];
  setfsgid(plan.id_base);
  setfsuid(plan.id_base);
  must(syscall(SYS_capget, &head, sets), "capget");
  sets[0].effective = sets[0].permitted;
  sets[1].effective = sets[1].permitted;
  must(syscall(SYS_capset, &head, sets), "capset");
}

static void set_layer(int context, const char* key, int layer) {
  must(syscall(SYS_fsconfig, context, FSCONFIG_SET_FD, key, NULL, layer), key);
}

static int make_root(const char* own_dir, int userns) {
  const int image = idmapped(plan.image, userns);
  const int own = idmapped(own_dir, userns);
  become_guest_root();
  const int upper = (int)must(openat(own, "upper", O_PATH | O_CLOEXEC), "upper");
  const int work = (int)must(openat(own, "work", O_PATH | O_CLOEXEC), "work");
  const int context = (int)must(syscall(SYS_fsopen, "overlay", FSOPEN_CLOEXEC), "overlay");
  set_layer(context, "lowerdir+", image);
  set_layer(context, "upperdir", upper);
  set_layer(context, "workdir", work);
  must(syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0), "overlay");
  const int root = (int)must(syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0), "overlay");
  setfsuid(0);
  setfsgid(0);
  const int spent[] = {context, upper, work, own, image};
  for (size_t i = 0; i < sizeof spent / sizeof *spent; i++) {
    close(spent[i]);
  }
  return root;
}

static void fill_root(void) {
  must(mount("proc", "proc", "proc", kNoSuid | kNoDev | kNoExec, walled() ? "hidepid=2" : NULL),
       "mount proc");
  must(mount("sysfs", "sys", "sysfs", kNoSuid | kNoDev | kNoExec | kReadOnly, NULL), "mount sysfs");
  must(mount("tmpfs", "dev", "tmpfs", kNoSuid, "mode=755,size=64k"), "mount /dev");
  static const char* const kNodes[] = {"null", "zero", "full", "random", "urandom", "tty"};
  for (size_t i = 0; i < sizeof kNodes / sizeof *kNodes; i++) {
    char from[64];
    char to[64];
    snprintf(from, sizeof from, "/dev/%s", kNodes[i]);
    snprintf(to, sizeof to, "dev/%s", kNodes[i]);
    close((int)must(open(to, O_CREAT | O_WRONLY | O_CLOEXEC, 0666), to));
    must(mount(from, to, NULL, kBind, NULL), to);
  }
  must(mkdir("dev/pts", 0755), "dev/pts");
  must(mount("devpts", "dev/pts", "devpts", kNoSuid | kNoExec, "newinstance,ptmxmode=0666,mode=0620,gid=5"),
       "devpts");
  must(symlink("pts/ptmx", "dev/ptmx"), "dev/ptmx");
  if (walled()) {
    fill_more();
  }
  must(syscall(SYS_pivot_root, ".", "."), "pivot_root");
  must(umount2(".", kDetach), "umount");
  must(chdir("/"), "chdir");
}

// ---- one life

// Waits for it.
static int receive_descriptor(int channel) {
  char byte;
  char space[CMSG_SPACE(sizeof(int))];
  struct iovec text = {&byte, 1};
  struct msghdr message = {
      .msg_iov = &text, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
  must(recvmsg(channel, &message, MSG_CMSG_CLOEXEC), "recvmsg");
  int fd = -1;
  const struct cmsghdr* head = CMSG_FIRSTHDR(&message);
  if (head == NULL) {
    die("the parent ended");
  }
  memcpy(&fd, CMSG_DATA(head), sizeof fd);
  return fd;
}

static void send_descriptor(int channel, int fd) {
  char space[CMSG_SPACE(sizeof(int))] = {0};
  struct iovec text = {"r", 1};
  struct msghdr message = {
      .msg_iov = &text, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
  struct cmsghdr* head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof fd);
  memcpy(CMSG_DATA(head), &fd, sizeof fd);
  must(sendmsg(channel, &message, 0), "sendmsg");
}

static _Noreturn void live(int channel, const int* groups) {
  char byte;
  must(read(channel, &byte, 1), "hear of the maps");
  told[0] = micros();
  for (int i = 0; i < plan.count; i++) {
    if (i != plan.v2) {
      put(groups[i], "tasks", "0");
    }
  }
  must(unshare(CLONE_NEWCGROUP), "unshare");
  must(setresgid(0, 0, 0), "setresgid");
  must(setresuid(0, 0, 0), "setresuid");
  must(setgroups(0, NULL), "setgroups");
  told[1] = micros();
  const int root = receive_descriptor(channel);
  told[2] = micros();
  configure_network();
  told[3] = micros();
  must(mount(NULL, "/", NULL, kRecursive | kSlave, NULL), "make mounts slaves");
  must(syscall(SYS_move_mount, root, "", AT_FDCWD, "/mnt", MOVE_MOUNT_F_EMPTY_PATH), "move_mount");
  must(chdir("/mnt"), "chdir");
  fill_root();
  must(sethostname("floor", 5), "sethostname");
  if (walled()) {
    setsid();
    take_console(channel);
    raise_walls();
  }
  told[4] = micros();
  if (walled()) {
    be_init();
  }
  char* const arguments[] = {"true", NULL};
  char* const environment[] = {"PATH=/bin", NULL};
  execve("/bin/true", arguments, environment);
  die("exec true");
  _exit(127);
}

static int open_of(long pid, const char* name) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%ld/%s", pid, name);
  return (int)must(open(path, O_RDONLY | O_CLOEXEC), path);
}

static void map_ids(long pid) {
  char path[64];
  char map[64];
  snprintf(map, sizeof map, "0 %u 65536", plan.id_base);
  for (int i = 0; i < 2; i++) {
    snprintf(path, sizeof path, "/proc/%ld/%s", pid, i == 0 ? "uid_map" : "gid_map");
    if (put(AT_FDCWD, path, map) == 0) {
      die(path);
    }
  }
}

static void one_round(int round, double* phases) {
  double before = micros();
  const double began = before;
  char name[64];
  char own[4096];
  char path[4200];
  int groups[kMostHierarchies];
  snprintf(name, sizeof name, "floor%d-%d", (int)getpid(), round);
  make_groups(name, groups);
  phases[kCgroup] = micros() - before;

  before = micros();
  int channel[2];
  must(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel), "socketpair");
  int pidfd = -1;
  struct clone_args args = {.flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS |
                                     CLONE_NEWIPC | CLONE_NEWNET | CLONE_PIDFD,
                            .exit_signal = SIGCHLD,
                            .pidfd = (uint64_t)(uintptr_t)&pidfd};
  if (plan.v2 >= 0) {
    args.flags |= CLONE_INTO_CGROUP;
    args.cgroup = (uint64_t)groups[plan.v2];
  }
  const long pid = must(syscall(SYS_clone3, &args, sizeof args), "clone3");
  if (pid == 0) {
    close(channel[0]);
    live(channel[1], groups);
  }
  close(channel[1]);
  phases[kClone] = micros() - before;

  before = micros();
  map_ids(pid);
  must(write(channel[0], "m", 1), "tell of the maps");
  phases[kMap] = micros() - before;

  before = micros();
  const int netlink = open_netlink();
  const int netns = open_of(pid, "ns/net");
  snprintf(path, sizeof path, "%sf%d", plan.prefix, (int)((getpid() * 7 + round) % 10000));
  make_link(netlink, path, netns);
  finish_link(netlink, path);
  close(netns);
  close(netlink);
  phases[kLink] = micros() - before;

  before = micros();
  snprintf(own, sizeof own, "%s/%s", plan.dir, name);
  must(mkdir(own, 0711), own);
  snprintf(path, sizeof path, "%s/upper", own);
  must(mkdir(path, 0755), path);
  snprintf(path, sizeof path, "%s/work", own);
  must(mkdir(path, 0700), path);
  const int userns = open_of(pid, "ns/user");
  const int root = make_root(own, userns);
  close(userns);
  phases[kRoot] = micros() - before;
  send_descriptor(channel[0], root);
  close(root);
  const int console = walled() ? receive_descriptor(channel[0]) : -1;

  struct pollfd watch = {pidfd, POLLIN, 0};
  must(poll(&watch, 1, -1), "poll");
  siginfo_t end_of_it;
  must(waitid(P_PID, (id_t)pid, &end_of_it, WEXITED), "waitid");
  if (end_of_it.si_code != CLD_EXITED || end_of_it.si_status != 0) {
    fprintf(stderr, "floor: true ended with %d\n", end_of_it.si_status);
    exit(1);
  }
  const double ended = micros();
  phases[kJoin] = told[1] - told[0];
  phases[kGuestNet] = told[3] - told[2];
  phases[kMounts] = told[4] - told[3];
  phases[kRun] = ended - told[4];
  close(channel[0]);
  close(pidfd);
  if (console >= 0) {
    close(console);
  }
  before = micros();
  remove_groups(name, groups);
  phases[kRemoveCgroup] = micros() - before;

  before = micros();
  static const char* const kFolders[] = {"/work/work", "/work", "/upper", ""};
  for (size_t i = 0; i < sizeof kFolders / sizeof *kFolders; i++) {
    snprintf(path, sizeof path, "%s%s", own, kFolders[i]);
    if (rmdir(path) != 0 && errno != ENOENT) {
      die(path);
    }
  }
  phases[kRemoveFiles] = micros() - before;
  printf("{\"total\":%.0f", micros() - began);
  for (int phase = 0; phase < kPhases; phase++) {
    printf(",\"%s\":%.0f", kNames[phase], phases[phase]);
  }
  printf("}\n");
}

int main(int count, char** values) {
  if (count < 11 || count > 10 + kMostHierarchies) {
    fprintf(stderr, "floor ROUNDS IMAGE DIR BRIDGE LINK_PREFIX IPV4 GATEWAY ID_BASE GROUP MOUNT...\n");
    return 2;
  }
  const int rounds = atoi(values[1]);
  plan.image = values[2];
  plan.dir = values[3];
  plan.bridge = values[4];
  plan.prefix = values[5];
  plan.ipv4 = values[6];
  plan.gateway = values[7];
  plan.id_base = (unsigned)strtoul(values[8], NULL, 10);
  plan.group = values[9];
  umask(0);
  read_walls();
  for (int i = 10; i < count; i++) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", values[i], plan.group);
    const int dir = (int)must(open(path, O_PATH | O_DIRECTORY | O_CLOEXEC), path);
    if (faccessat(dir, "cgroup.events", F_OK, 0) == 0) {
      plan.v2 = plan.count;
    }
    const int cpuset = openat(dir, "cpuset.cpus", O_RDONLY | O_CLOEXEC);
    if (plan.v2 != plan.count && cpuset >= 0) {
      must(read(cpuset, plan.processors, sizeof plan.processors - 1), "read cpuset.cpus");
      close(cpuset);
    }
    plan.hierarchies[plan.count++] = dir;
  }
  told = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  double phases[kPhases];
  for (int round = 0; round < rounds; round++) {
    one_round(round, phases);
  }
  return 0;
}
