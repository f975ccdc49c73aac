// What the floor leaves out of a guest of Berth's, by bare system calls too: with FLOOR_FILTER set, floor.c
// raises the same walls around `true` and gives it what Berth gives: IPv6, a locked port of the bridge, a
// console of its own devpts, masks, /dev/shm, message queues, its own view of the groups, and an init that
// reaps. By itself the file is nothing: floor.c includes it.
//
// FLOOR_FILTER: file of the seccomp filter. FLOOR_CAPABILITIES: mask, hex. FLOOR_MASKS, FLOOR_READ_ONLY:
// paths, a colon between them. FLOOR_IPV6, FLOOR_GATEWAY6: addresses.
#include <linux/filter.h>
#include <linux/if_bridge.h>
#include <linux/keyctl.h>
#include <linux/neighbour.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

enum { kMostPaths = 64, kPrefix6 = 64 };

static struct {
  struct sock_fprog filter;  // none: no walls
  struct sock_filter code[BPF_MAXINSNS];
  uint64_t capabilities;
  char *masks[kMostPaths], *read_only[kMostPaths];
  const char *ipv6, *gateway6;
} walls;

static int walled(void) {
  return walls.filter.len > 0;
}

static void split(const char* name, char** paths) {
  char* rest = strdup(getenv(name));
  for (int i = 0; i < kMostPaths - 1 && rest != NULL && *rest != '\0'; i++) {
    paths[i] = strsep(&rest, ":") + 1;  // from the root that is the working directory
  }
}

static void read_walls(void) {
  const char* filter = getenv("FLOOR_FILTER");
  if (filter == NULL) {
    return;
  }
  const int fd = (int)must(open(filter, O_RDONLY | O_CLOEXEC), filter);
  const long size = must(read(fd, walls.code, sizeof walls.code), filter);
  close(fd);
  walls.filter.filter = walls.code;
  walls.filter.len = (unsigned short)((size_t)size / sizeof *walls.code);
  walls.capabilities = strtoull(getenv("FLOOR_CAPABILITIES"), NULL, 16);
  split("FLOOR_MASKS", walls.masks);
  split("FLOOR_READ_ONLY", walls.read_only);
  walls.ipv6 = getenv("FLOOR_IPV6");
  walls.gateway6 = getenv("FLOOR_GATEWAY6");
}

// The host's end: without addresses, from its one MAC only, nothing learned, apart from other ports.
static void lock_port(int netlink, const char* name, const unsigned char* mac) {
  char path[128];
  struct request request;
  snprintf(path, sizeof path, "/proc/sys/net/ipv6/conf/%s/disable_ipv6", name);
  put(AT_FDCWD, path, "1");
  const int index = (int)if_nametoindex(name);
  struct ndmsg* entry = start(&request, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, sizeof *entry);
  entry->ndm_family = PF_BRIDGE;
  entry->ndm_ifindex = index;
  entry->ndm_state = NUD_NOARP;
  entry->ndm_flags = NTF_MASTER;
  add(&request, NDA_LLADDR, mac, 6);
  talk(netlink, &request, "bind a MAC to its port");
  struct ifinfomsg* link = start(&request, RTM_SETLINK, 0, sizeof *link);
  link->ifi_family = PF_BRIDGE;
  link->ifi_index = index;
  struct rtattr* port = begin(&request, IFLA_PROTINFO | NLA_F_NESTED);
  static const unsigned char kOff = 0;
  static const unsigned char kOn = 1;
  add(&request, IFLA_BRPORT_LEARNING, &kOff, 1);
  add(&request, IFLA_BRPORT_GUARD, &kOn, 1);
  add(&request, IFLA_BRPORT_ISOLATED, &kOn, 1);
  add(&request, IFLA_BRPORT_LOCKED, &kOn, 1);
  end(&request, port);
  talk(netlink, &request, "lock a port");
}

static void add_ipv6(int netlink, int index) {
  struct request request;
  struct in6_addr own;
  inet_pton(AF_INET6, walls.ipv6, &own);
  struct ifaddrmsg* address = start(&request, RTM_NEWADDR, NLM_F_CREATE, sizeof *address);
  address->ifa_family = AF_INET6;
  address->ifa_prefixlen = kPrefix6;
  address->ifa_flags = IFA_F_NODAD;
  address->ifa_index = (unsigned)index;
  add(&request, IFA_LOCAL, &own, sizeof own);
  add(&request, IFA_ADDRESS, &own, sizeof own);
  talk(netlink, &request, "add an IPv6 address");
}

static void add_route6(int netlink) {
  struct request request;
  struct in6_addr gateway;
  inet_pton(AF_INET6, walls.gateway6, &gateway);
  struct rtmsg* route = start(&request, RTM_NEWROUTE, NLM_F_CREATE, sizeof *route);
  route->rtm_family = AF_INET6;
  route->rtm_table = RT_TABLE_MAIN;
  route->rtm_protocol = RTPROT_BOOT;
  route->rtm_type = RTN_UNICAST;
  add(&request, RTA_GATEWAY, &gateway, sizeof gateway);
  talk(netlink, &request, "add an IPv6 route");
}

// In the root that is to be, while the host's /dev is in sight.
static void mask_paths(void) {
  struct mount_attr shut = {.attr_set = MOUNT_ATTR_RDONLY};
  for (char** path = walls.read_only; *path != NULL; path++) {
    const int tree =
        (int)syscall(SYS_open_tree, AT_FDCWD, *path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    if (tree < 0) {
      continue;  // not on this kernel
    }
    must(syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &shut, sizeof shut), *path);
    must(syscall(SYS_move_mount, tree, "", AT_FDCWD, *path, MOVE_MOUNT_F_EMPTY_PATH), *path);
    close(tree);
  }
  const char* folder = NULL;
  for (char** path = walls.masks; *path != NULL; path++) {
    struct stat facts;
    if (stat(*path, &facts) != 0) {
      continue;
    }
    if (!S_ISDIR(facts.st_mode)) {
      must(mount("/dev/null", *path, NULL, kBind, NULL), *path);
    } else if (folder == NULL) {
      folder = *path;
      must(mount("tmpfs", folder, "tmpfs", kReadOnly | kNoSuid | kNoDev | kNoExec, "size=4k,mode=555"), folder);
    } else {
      must(mount(folder, *path, NULL, kBind, NULL), *path);
    }
  }
}

static void fill_more(void) {
  mask_paths();
  must(mkdir("dev/shm", 0755), "dev/shm");
  must(mount("tmpfs", "dev/shm", "tmpfs", kNoSuid | kNoDev, "mode=1777"), "dev/shm");
  must(mkdir("dev/mqueue", 0755), "dev/mqueue");
  must(mount("mqueue", "dev/mqueue", "mqueue", kNoSuid | kNoDev | kNoExec, NULL), "dev/mqueue");
  must(mount("cgroup2", "sys/fs/cgroup", "cgroup2", kNoSuid | kNoDev | kNoExec, NULL), "cgroup2");
  static const char* const kLinks[][2] = {{"/proc/self/fd", "dev/fd"},
                                          {"/proc/self/fd/0", "dev/stdin"},
                                          {"/proc/self/fd/1", "dev/stdout"},
                                          {"/proc/self/fd/2", "dev/stderr"}};
  for (size_t i = 0; i < sizeof kLinks / sizeof *kLinks; i++) {
    must(symlink(kLinks[i][0], kLinks[i][1]), kLinks[i][1]);
  }
}

static void send_descriptor(int channel, int fd);

// A terminal of its own devpts; the master goes to the parent.
static void take_console(int channel) {
  const int unlocked = 0;
  const int master = (int)must(open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC), "ptmx");
  must(ioctl(master, TIOCSPTLCK, &unlocked), "unlock a terminal");
  const int peer = (int)must(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC), "open a terminal");
  close((int)must(open("/dev/console", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666), "/dev/console"));
  const int tree =
      (int)must(syscall(SYS_open_tree, peer, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH), "console");
  must(syscall(SYS_move_mount, tree, "", AT_FDCWD, "/dev/console", MOVE_MOUNT_F_EMPTY_PATH), "console");
  send_descriptor(channel, master);
  for (int fd = 0; fd < 3; fd++) {
    must(dup2(peer, fd), "dup2");
  }
}

static void raise_walls(void) {
  struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2] = {0};
  (void)syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
  for (unsigned one = 0; prctl(PR_CAPBSET_READ, one, 0, 0, 0) >= 0; one++) {
    if ((walls.capabilities >> one & 1) == 0) {
      must(prctl(PR_CAPBSET_DROP, one, 0, 0, 0), "drop a capability");
    }
  }
  must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "clear the ambient set");
  must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
  must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &walls.filter), "seccomp");
  for (int half = 0; half < 2; half++) {
    sets[half].effective = sets[half].permitted = (uint32_t)(walls.capabilities >> (32 * half));
  }
  must(syscall(SYS_capset, &head, sets), "capset");
  must(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "die with the parent");
}

// The parent reaps, the child goes on as the command.
static void be_init(void) {
  const pid_t child = fork();
  must(child, "fork");
  if (child == 0) {
    setsid();
    (void)ioctl(0, TIOCSCTTY, 0);
    return;
  }
  siginfo_t end_of_it = {0};
  must(waitid(P_PID, (id_t)child, &end_of_it, WEXITED), "waitid");
  _exit(end_of_it.si_status);
}
