// What a guest is, as the server says it (protocol/README.md): parsed once, strictly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "guest_limits.h"
#include "result.h"

namespace berth {

struct Network {
  std::string bridge, link, mac, ipv4, ipv4_gateway, ipv6, ipv6_gateway;
};

// Rates and priority of the guest's link; -1 leaves it as it is.
struct NetworkLimits {
  int64_t receive_bytes = -1, transmit_bytes = -1;  // per second, seen from the guest
  int64_t priority = -1;                            // 0 to 7
};

// A namespace that is not the guest's own.
struct SharedNamespace {
  std::string name;   // "user", "network", "ipc", "uts", "pid", "cgroup" or "time"
  std::string owner;  // "host", or the run folder of the guest that has it
};

struct IdMap {
  uint32_t inside = 0, outside = 0, count = 0;
};

struct BindMount {
  bool read_only = false, idmap = false, recursive = false;
  bool nosuid = false, nodev = false, noexec = false;
  std::string propagation = "private";  // or "slave", "shared", and with an r before it for all below
  std::string source, target;
};

struct GuestDevice {
  std::string rule;            // "c 10:200 rwm"
  std::string source, target;  // node on the host, path inside
  uint32_t mode = 0666, uid = 0, gid = 0;
};

struct Rlimit {
  std::string name;  // "nofile"
  uint64_t soft = UINT64_MAX, hard = UINT64_MAX;
};

// As the OCI runtime specification has them.
struct Hook {
  std::string stage;  // "createRuntime", "createContainer", "startContainer", "poststart" or "poststop"
  uint32_t timeout_ms = 0;
  std::string path;
  std::vector<std::string> args, env;
};

struct Spec {
  std::string id, hostname;
  bool system = false;  // else one application
  std::string run_dir, image_root, guest_dir;
  std::vector<std::string> args, env;
  std::string workdir = "/";
  uint32_t id_base = 0;
  std::string cgroup, supervisor_cgroup;
  Limits limits;
  std::string out_of_memory = "kill-one";  // or "kill-all", "freeze"
  std::optional<Network> network;
  NetworkLimits network_limits;
  std::optional<std::string> resolv_conf;
  int stop_signal = 15;
  uint32_t stop_timeout_ms = 0;
  std::string seccomp;
  uint64_t capabilities = 0;
  bool no_new_privs = true;
  std::vector<std::string> devices, bind_devices, masks, read_only, proc_options;
  std::vector<SharedNamespace> namespaces;
  std::vector<IdMap> id_maps;  // empty: 0 is id_base, and kIdCount of them
  bool nesting = false;
  std::string user;  // of init: name or UID[:GID] of the guest; empty is root
  std::string init;  // the minimal init that runs `args` as its child; empty: args are init
  std::vector<std::pair<std::string, std::string>> sysctls;
  std::vector<Rlimit> rlimits;
  std::string label;  // AppArmor profile or SELinux context of init
  std::vector<BindMount> mounts;
  std::vector<GuestDevice> guest_devices;
  std::string lxcfs;  // where lxcfs is mounted on the host; empty: not used
  std::string learn;  // file that gathers what the filter logs; empty: nobody asks
  std::vector<Hook> hooks;
};

// EINVAL with the key in the path: unknown, missing, given twice or malformed.
Result<Spec> parse_spec(std::string_view bytes);
// The same guest in the order of wire.json.
std::string encode_spec(const Spec& spec);

// The form of the spec, the state and the exit file: `key=value` entries, each ended by a NUL.
using Entries = std::vector<std::pair<std::string, std::string>>;
Result<Entries> parse_entries(std::string_view bytes);
std::string encode_entries(const Entries& entries);

}  // namespace berth
