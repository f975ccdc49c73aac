#include "spec.h"

#include <array>
#include <charconv>

#include "sys.h"
#include "wire.h"

namespace berth {
namespace {

using wire::SpecKey;

Error invalid(std::string_view key) {
  return fail_with(EINVAL, "read the spec", std::string(key));
}

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
    default:
      return value.find('=') != std::string::npos && add(spec.proc_options, value);
  }
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
    case SpecKey::kResolvConf:
      spec.resolv_conf = value;
      return true;
    default:
      return absolute(value, spec.seccomp);
  }
}

bool set_value(Spec& spec, SpecKey key, const std::string& value) {
  // Ids below this are the host's own users and the ranges of its subordinate ids start above.
  constexpr uint64_t kMaxBase = UINT32_MAX - 2ULL * wire::kIdCount;
  switch (key) {
    case SpecKey::kIdBase:
      return number(value, spec.id_base, kMaxBase) && spec.id_base >= wire::kIdCount;
    case SpecKey::kCpuMicros:
      return number(value, spec.cpu_micros, INT64_MAX) && spec.cpu_micros > 0;
    case SpecKey::kMemoryBytes:
      return number(value, spec.memory_bytes, INT64_MAX) && spec.memory_bytes > 0;
    case SpecKey::kSwapBytes:
      return number(value, spec.swap_bytes, INT64_MAX);
    case SpecKey::kPids:
      return number(value, spec.pids, INT64_MAX) && spec.pids > 0;
    case SpecKey::kStopSignal:
      return number(value, spec.stop_signal, 64) && spec.stop_signal > 0;
    case SpecKey::kStopTimeoutMs:
      return number(value, spec.stop_timeout_ms, INT32_MAX);
    case SpecKey::kCapabilities:
      return hex(value, spec.capabilities);
    case SpecKey::kNoNewPrivs:
      return flag(value, spec.no_new_privs);
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
      return set_list(spec, key, value);
    default:
      return set_text(spec, key, value);
  }
}

const wire::SpecField* field_of(std::string_view name) {
  for (const auto& field : wire::kSpecFields) {
    if (field.name == name) {
      return &field;
    }
  }
  return nullptr;
}

void put(Entries& out, const char* key, const std::string& value) {
  out.emplace_back(key, value);
}
void put_limit(Entries& out, const char* key, int64_t value) {
  if (value >= 0) {
    out.emplace_back(key, to_text(value));
  }
}
void put_all(Entries& out, const char* key, const std::vector<std::string>& values) {
  for (const auto& value : values) {
    out.emplace_back(key, value);
  }
}

}  // namespace

Result<Entries> parse_entries(std::string_view bytes) {
  Entries out;
  while (!bytes.empty()) {
    const size_t end = bytes.find('\0');
    const size_t equals = bytes.find('=');
    if (end == std::string_view::npos || equals >= end) {
      return fail_with(EINVAL, "read key=value", std::string(bytes.substr(0, 64)));
    }
    out.emplace_back(bytes.substr(0, equals), bytes.substr(equals + 1, end - equals - 1));
    bytes.remove_prefix(end + 1);
  }
  return out;
}

std::string encode_entries(const Entries& entries) {
  std::string out;
  for (const auto& [key, value] : entries) {
    out.append(key).append(1, '=').append(value).append(1, '\0');
  }
  return out;
}

Result<Spec> parse_spec(std::string_view bytes) {
  auto entries = parse_entries(bytes);
  if (!entries) {
    return entries.error();
  }
  Spec spec;
  std::array<bool, wire::kSpecFields.size()> seen = {};
  for (const auto& [key, value] : *entries) {
    const wire::SpecField* field = field_of(key);
    if (field == nullptr || (&key == &entries->front().first) != (field->key == SpecKey::kVersion)) {
      return invalid(key);
    }
    bool& before = seen.at(static_cast<size_t>(field->key));
    if ((before && !field->repeated) || !set_value(spec, field->key, value)) {
      return invalid(key);
    }
    before = true;
  }
  for (const auto& field : wire::kSpecFields) {
    if (field.required && !seen.at(static_cast<size_t>(field.key))) {
      return invalid(field.name);
    }
  }
  if (spec.args[0].empty()) {
    return invalid("arg");
  }
  if (spec.network) {
    for (size_t key = static_cast<size_t>(SpecKey::kBridge);
         key <= static_cast<size_t>(SpecKey::kIpv6Gateway); ++key) {
      if (!seen.at(key)) {
        return invalid(wire::kSpecFields.at(key).name);
      }
    }
  }
  return spec;
}

std::string encode_spec(const Spec& spec) {
  Entries out;
  put(out, "version", to_text(wire::kVersion));
  put(out, "id", spec.id);
  put(out, "hostname", spec.hostname);
  put(out, "kind", spec.system ? "system" : "application");
  put(out, "run_dir", spec.run_dir);
  put(out, "image_root", spec.image_root);
  put(out, "guest_dir", spec.guest_dir);
  put_all(out, "arg", spec.args);
  put_all(out, "env", spec.env);
  put(out, "workdir", spec.workdir);
  put_limit(out, "id_base", spec.id_base);
  put(out, "cgroup", spec.cgroup);
  put(out, "supervisor_cgroup", spec.supervisor_cgroup);
  put_limit(out, "cpu_micros", spec.cpu_micros);
  put_limit(out, "memory_bytes", spec.memory_bytes);
  put_limit(out, "swap_bytes", spec.swap_bytes);
  put_limit(out, "pids", spec.pids);
  if (spec.network) {
    put(out, "bridge", spec.network->bridge);
    put(out, "link", spec.network->link);
    put(out, "mac", spec.network->mac);
    put(out, "ipv4", spec.network->ipv4);
    put(out, "ipv4_gateway", spec.network->ipv4_gateway);
    put(out, "ipv6", spec.network->ipv6);
    put(out, "ipv6_gateway", spec.network->ipv6_gateway);
  }
  if (spec.resolv_conf) {
    put(out, "resolv_conf", *spec.resolv_conf);
  }
  put_limit(out, "stop_signal", spec.stop_signal);
  put_limit(out, "stop_timeout_ms", spec.stop_timeout_ms);
  put(out, "seccomp", spec.seccomp);
  std::array<char, 17> mask;
  put(out, "capabilities",
      {mask.data(), std::to_chars(mask.data(), mask.data() + mask.size(), spec.capabilities, 16).ptr});
  put(out, "no_new_privs", spec.no_new_privs ? "1" : "0");
  put_all(out, "device", spec.devices);
  put_all(out, "bind_device", spec.bind_devices);
  put_all(out, "mask", spec.masks);
  put_all(out, "read_only", spec.read_only);
  put_all(out, "proc_option", spec.proc_options);
  return encode_entries(out);
}

}  // namespace berth
