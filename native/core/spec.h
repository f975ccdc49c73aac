// What a guest is, as the server says it (protocol/README.md): parsed once, strictly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "result.h"

namespace berth {

struct Network {
  std::string bridge, link, mac, ipv4, ipv4_gateway, ipv6, ipv6_gateway;
};

struct Spec {
  std::string id, hostname;
  bool system = false;  // else one application
  std::string run_dir, image_root, guest_dir;
  std::vector<std::string> args, env;
  std::string workdir = "/";
  uint32_t id_base = 0;
  std::string cgroup, supervisor_cgroup;
  int64_t cpu_micros = -1, memory_bytes = -1, swap_bytes = -1, pids = -1;
  std::optional<Network> network;
  std::optional<std::string> resolv_conf;
  int stop_signal = 15;
  uint32_t stop_timeout_ms = 0;
  std::string seccomp;
  uint64_t capabilities = 0;
  bool no_new_privs = true;
  std::vector<std::string> devices, bind_devices, masks, read_only, proc_options;
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
