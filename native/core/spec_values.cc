#include "spec_values.h"

#include <charconv>

#include "sys.h"

namespace berth {
namespace {

using wire::SpecKey;

template <typename T>
bool number(const std::string& text, T& out, uint64_t limit) {
  const auto value = parse_number(text);
  if (!value || *value > limit) {
    return false;
  }
  out = static_cast<T>(*value);
  return true;
}

bool absolute(const std::string& text, std::string& out) {
  out = text;
  return text.size() > 1 && text[0] == '/';
}

// A path below a mount: relative, and no way out.
bool below(const std::string& text, std::string& out) {
  out = text;
  return !text.empty() && text[0] != '/' && ("/" + text + "/").find("/../") == std::string::npos;
}

bool hex(const std::string& text, uint64_t& out) {
  const char* end = text.data() + text.size();
  const auto [next, code] = std::from_chars(text.data(), end, out, 16);
  return !text.empty() && code == std::errc() && next == end;
}

bool flag(const std::string& text, bool& out) {
  out = text == "1";
  return text == "0" || text == "1";
}

bool set(std::string& out, const std::string& text) {
  out = text;
  return !text.empty();
}

bool add(std::vector<std::string>& out, const std::string& text) {
  out.push_back(text);
  return true;
}

bool set_network(Network& network, SpecKey key, const std::string& value) {
  switch (key) {
    case SpecKey::kBridge:
      return set(network.bridge, value);
    case SpecKey::kLink:
      return set(network.link, value);
    case SpecKey::kMac:
      return set(network.mac, value);
    case SpecKey::kIpv4:
      return set(network.ipv4, value);
    case SpecKey::kIpv4Gateway:
      return set(network.ipv4_gateway, value);
    case SpecKey::kIpv6:
      return set(network.ipv6, value);
    default:
      return set(network.ipv6_gateway, value);
  }
}

bool set_list(Spec& spec, SpecKey key, const std::string& value) {
  switch (key) {
    case SpecKey::kArg:
      return add(spec.args, value);
    case SpecKey::kEnv:
      return value.find('=') != std::string::npos && value[0] != '=' && add(spec.env, value);
    case SpecKey::kDevice:
      return add(spec.devices, value);
    case SpecKey::kBindDevice:
      return !value.empty() && value.find('/') == std::string::npos && value[0] != '.' &&
             add(spec.bind_devices, value);
    case SpecKey::kMask:
      return value.size() > 1 && value[0] == '/' && add(spec.masks, value);
    case SpecKey::kReadOnly:
      return value.size() > 1 && value[0] == '/' && add(spec.read_only, value);
    case SpecKey::kIoMax:
      return !value.empty() && add(spec.limits.io_max, value);
    case SpecKey::kHugetlb:
      return !value.empty() && add(spec.limits.hugetlb, value);
    default:
      return value.find('=') != std::string::npos && add(spec.proc_options, value);
  }
}

bool set_limit(Spec& spec, SpecKey key, const std::string& value) {
  Limits& limits = spec.limits;
  switch (key) {
    case SpecKey::kCpuPeriodMicros:
      return number(value, limits.cpu_period_micros, 1'000'000) && limits.cpu_period_micros >= 1000;
    case SpecKey::kCpuBurstMicros:
      return number(value, limits.cpu_burst_micros, INT64_MAX);
    case SpecKey::kCpuWeight:
      return number(value, limits.cpu_weight, 10'000) && limits.cpu_weight > 0;
    case SpecKey::kMemoryHighBytes:
      return number(value, limits.memory_high_bytes, INT64_MAX);
    case SpecKey::kMemoryLowBytes:
      return number(value, limits.memory_low_bytes, INT64_MAX);
    case SpecKey::kIoWeight:
      return number(value, limits.io_weight, 10'000) && limits.io_weight > 0;
    case SpecKey::kNetworkReceiveBytes:
      return number(value, spec.network_limits.receive_bytes, INT64_MAX);
    case SpecKey::kNetworkTransmitBytes:
      return number(value, spec.network_limits.transmit_bytes, INT64_MAX);
    default:
      return number(value, spec.network_limits.priority, 7);
  }
}

template <typename T>
bool add_parsed(std::vector<T>& out, bool (*parse)(const std::string&, T&), const std::string& value) {
  out.emplace_back();
  return parse(value, out.back());
}

bool add_sysctl(Spec& spec, const std::string& value) {
  const size_t equals = value.find('=');
  if (equals == 0 || equals == std::string::npos || value.find("..") < equals || value.find('/') < equals) {
    return false;
  }
  spec.sysctls.emplace_back(value.substr(0, equals), value.substr(equals + 1));
  return true;
}

bool set_kind(Spec& spec, const std::string& value) {
  spec.system = value == "system";
  return value == "system" || value == "application";
}

bool set_text(Spec& spec, SpecKey key, const std::string& value) {
  switch (key) {
    case SpecKey::kVersion:
      return value == to_text(wire::kVersion);
    case SpecKey::kId:
      return set(spec.id, value);
    case SpecKey::kHostname:
      return value.size() <= 64 && set(spec.hostname, value);
    case SpecKey::kKind:
      return set_kind(spec, value);
    case SpecKey::kRunDir:
      return absolute(value, spec.run_dir);
    case SpecKey::kImageRoot:
      return absolute(value, spec.image_root);
    case SpecKey::kGuestDir:
      return absolute(value, spec.guest_dir);
    case SpecKey::kWorkdir:
      spec.workdir = value;
      return !value.empty() && value[0] == '/';
    case SpecKey::kCgroup:
      return below(value, spec.cgroup);
    case SpecKey::kSupervisorCgroup:
      return below(value, spec.supervisor_cgroup);
    case SpecKey::kCpuset:
      return set(spec.limits.cpuset, value);
    case SpecKey::kOutOfMemory:
      spec.out_of_memory = value;
      return value == "kill-one" || value == "kill-all" || value == "freeze";
    case SpecKey::kUser:
      return set(spec.user, value);
    case SpecKey::kInit:
      return absolute(value, spec.init);
    case SpecKey::kLabel:
      return set(spec.label, value);
    case SpecKey::kLxcfs:
      return absolute(value, spec.lxcfs);
    case SpecKey::kLearn:
      return absolute(value, spec.learn);
    case SpecKey::kResolvConf:
      spec.resolv_conf = value;
      return true;
    default:
      return absolute(value, spec.seccomp);
  }
}

}  // namespace

bool set_spec_value(Spec& spec, SpecKey key, const std::string& value) {
  // Ids below this are the host's own users and the ranges of its subordinate ids start above.
  constexpr uint64_t kMaxBase = UINT32_MAX - 2ULL * wire::kIdCount;
  switch (key) {
    case SpecKey::kIdBase:
      return number(value, spec.id_base, kMaxBase) && spec.id_base >= wire::kIdCount;
    case SpecKey::kCpuMicros:
      return number(value, spec.limits.cpu_micros, INT64_MAX) && spec.limits.cpu_micros > 0;
    case SpecKey::kMemoryBytes:
      return number(value, spec.limits.memory_bytes, INT64_MAX) && spec.limits.memory_bytes > 0;
    case SpecKey::kSwapBytes:
      return number(value, spec.limits.swap_bytes, INT64_MAX);
    case SpecKey::kPids:
      return number(value, spec.limits.pids, INT64_MAX) && spec.limits.pids > 0;
    case SpecKey::kCpuPeriodMicros:
    case SpecKey::kCpuBurstMicros:
    case SpecKey::kCpuWeight:
    case SpecKey::kMemoryHighBytes:
    case SpecKey::kMemoryLowBytes:
    case SpecKey::kIoWeight:
    case SpecKey::kNetworkReceiveBytes:
    case SpecKey::kNetworkTransmitBytes:
    case SpecKey::kNetworkPriority:
      return set_limit(spec, key, value);
    case SpecKey::kStopSignal:
      return number(value, spec.stop_signal, 64) && spec.stop_signal > 0;
    case SpecKey::kStopTimeoutMs:
      return number(value, spec.stop_timeout_ms, INT32_MAX);
    case SpecKey::kCapabilities:
      return hex(value, spec.capabilities);
    case SpecKey::kNoNewPrivs:
      return flag(value, spec.no_new_privs);
    case SpecKey::kNesting:
      return flag(value, spec.nesting);
    case SpecKey::kBridge:
    case SpecKey::kLink:
    case SpecKey::kMac:
    case SpecKey::kIpv4:
    case SpecKey::kIpv4Gateway:
    case SpecKey::kIpv6:
    case SpecKey::kIpv6Gateway:
      if (!spec.network) {
        spec.network.emplace();
      }
      return set_network(*spec.network, key, value);
    case SpecKey::kArg:
    case SpecKey::kEnv:
    case SpecKey::kDevice:
    case SpecKey::kBindDevice:
    case SpecKey::kMask:
    case SpecKey::kReadOnly:
    case SpecKey::kProcOption:
    case SpecKey::kIoMax:
    case SpecKey::kHugetlb:
      return set_list(spec, key, value);
    case SpecKey::kNamespace:
      return add_parsed(spec.namespaces, parse_namespace, value);
    case SpecKey::kIdMap:
      return add_parsed(spec.id_maps, parse_id_map, value);
    case SpecKey::kMount:
      return add_parsed(spec.mounts, parse_mount, value);
    case SpecKey::kGuestDevice:
      return add_parsed(spec.guest_devices, parse_guest_device, value);
    case SpecKey::kRlimit:
      return add_parsed(spec.rlimits, parse_rlimit, value);
    case SpecKey::kHook:
      return add_parsed(spec.hooks, parse_hook, value);
    case SpecKey::kSysctl:
      return add_sysctl(spec, value);
    default:
      return set_text(spec, key, value);
  }
}

}  // namespace berth
