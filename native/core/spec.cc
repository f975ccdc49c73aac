#include "spec.h"

#include <array>
#include <charconv>

#include "namespaces.h"
#include "spec_values.h"
#include "sys.h"
#include "wire.h"

namespace berth {
namespace {

using wire::SpecKey;

Error invalid(std::string_view key) {
  return fail_with(EINVAL, "read the spec", std::string(key));
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

void put_text(Entries& out, const char* key, const std::string& value) {
  if (!value.empty()) {
    out.emplace_back(key, value);
  }
}
template <typename T>
void put_each(Entries& out, const char* key, const std::vector<T>& values) {
  for (const auto& value : values) {
    out.emplace_back(key, to_text(value));
  }
}

// What a spec leaves out is written only where it differs.
void put_more_limits(Entries& out, const Spec& spec) {
  const Limits plain;
  const Limits& limits = spec.limits;
  put_limit(out, "cpu_period_micros",
            limits.cpu_period_micros == plain.cpu_period_micros ? -1 : limits.cpu_period_micros);
  put_limit(out, "cpu_burst_micros", limits.cpu_burst_micros == 0 ? -1 : limits.cpu_burst_micros);
  put_limit(out, "cpu_weight", limits.cpu_weight);
  put_text(out, "cpuset", limits.cpuset);
  put_limit(out, "memory_high_bytes", limits.memory_high_bytes);
  put_limit(out, "memory_low_bytes", limits.memory_low_bytes);
  put_text(out, "out_of_memory", spec.out_of_memory == "kill-one" ? "" : spec.out_of_memory);
  put_limit(out, "io_weight", limits.io_weight);
  put_all(out, "io_max", limits.io_max);
  put_all(out, "hugetlb", limits.hugetlb);
  put_limit(out, "network_receive_bytes", spec.network_limits.receive_bytes);
  put_limit(out, "network_transmit_bytes", spec.network_limits.transmit_bytes);
  put_limit(out, "network_priority", spec.network_limits.priority);
}

void put_isolation(Entries& out, const Spec& spec) {
  put_each(out, "namespace", spec.namespaces);
  put_each(out, "id_map", spec.id_maps);
  put_text(out, "nesting", spec.nesting ? "1" : "");
  put_text(out, "user", spec.user);
  put_text(out, "init", spec.init);
  for (const auto& [name, value] : spec.sysctls) {
    out.emplace_back("sysctl", std::string(name).append("=").append(value));
  }
  put_each(out, "rlimit", spec.rlimits);
  put_text(out, "label", spec.label);
  put_each(out, "mount", spec.mounts);
  put_each(out, "guest_device", spec.guest_devices);
  put_text(out, "lxcfs", spec.lxcfs);
  put_text(out, "learn", spec.learn);
  put_each(out, "hook", spec.hooks);
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
    if ((before && !field->repeated) || !set_spec_value(spec, field->key, value)) {
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
  BERTH_TRY(check_namespaces(spec));
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
  put_limit(out, "cpu_micros", spec.limits.cpu_micros);
  put_limit(out, "memory_bytes", spec.limits.memory_bytes);
  put_limit(out, "swap_bytes", spec.limits.swap_bytes);
  put_limit(out, "pids", spec.limits.pids);
  put_more_limits(out, spec);
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
  put_isolation(out, spec);
  return encode_entries(out);
}

}  // namespace berth
