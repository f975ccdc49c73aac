// Limits of groups and links for the server: set live, and read back.
#include "groups.h"
#include "link_rates.h"

namespace berth::addon {
namespace {

// Absent and null are none.
int64_t number_in(const Napi::Object& object, const char* name, int64_t otherwise = -1) {
  const Napi::Value value = object.Get(name);
  return value.IsNumber() ? value.As<Napi::Number>().Int64Value() : otherwise;
}

std::vector<std::string> texts_in(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  return value.IsArray() ? texts(value) : std::vector<std::string>();
}

Limits limits_in(const Napi::Value& value) {
  const auto limits = value.As<Napi::Object>();
  const Limits plain;
  Limits out;
  out.cpu_micros = number_in(limits, "cpuMicros");
  out.cpu_period_micros = number_in(limits, "cpuPeriodMicros", plain.cpu_period_micros);
  out.cpu_burst_micros = number_in(limits, "cpuBurstMicros", plain.cpu_burst_micros);
  out.cpu_weight = number_in(limits, "cpuWeight");
  const Napi::Value cpuset = limits.Get("cpuset");
  out.cpuset = cpuset.IsString() ? text(cpuset) : "";
  out.memory_bytes = number_in(limits, "memory");
  out.memory_high_bytes = number_in(limits, "memoryHigh");
  out.memory_low_bytes = number_in(limits, "memoryLow");
  out.kill_all = limits.Get("killAll").ToBoolean().Value();
  out.swap_bytes = number_in(limits, "swap");
  out.pids = number_in(limits, "pids");
  out.io_weight = number_in(limits, "ioWeight");
  out.io_max = texts_in(limits, "ioMax");
  out.hugetlb = texts_in(limits, "hugetlb");
  return out;
}

Napi::Array array_of(Napi::Env env, const std::vector<std::string>& all) {
  Napi::Array made = Napi::Array::New(env, all.size());
  for (uint32_t i = 0; i < all.size(); i++) {
    made.Set(i, all[i]);
  }
  return made;
}

Napi::Value to_js_limits(Napi::Env env, Limits& limits) {
  Napi::Object made = Napi::Object::New(env);
  const auto set = [&](const char* name, int64_t value) {
    made.Set(name, number_or_null(env, static_cast<double>(value)));
  };
  set("cpuMicros", limits.cpu_micros);
  set("cpuPeriodMicros", limits.cpu_period_micros);
  set("cpuBurstMicros", limits.cpu_burst_micros);
  set("cpuWeight", limits.cpu_weight);
  made.Set("cpuset", limits.cpuset.empty() ? env.Null() : Napi::String::New(env, limits.cpuset));
  set("memory", limits.memory_bytes);
  set("memoryHigh", limits.memory_high_bytes);
  set("memoryLow", limits.memory_low_bytes);
  made.Set("killAll", limits.kill_all);
  set("swap", limits.swap_bytes);
  set("pids", limits.pids);
  set("ioWeight", limits.io_weight);
  made.Set("ioMax", array_of(env, limits.io_max));
  made.Set("hugetlb", array_of(env, limits.hugetlb));
  return made;
}

// createCgroup(path, limits, devices, root?)
Napi::Value create_cgroup(const Napi::CallbackInfo& info) {
  return run_status(info.Env(),
                    [path = text(info[0]), limits = limits_in(info[1]), devices = texts(info[2]),
                     root = root_in(info, 3)]() -> Status {
                      Result<CgroupLayout> layout = layout_of(root);
                      if (!layout) {
                        return layout.error();
                      }
                      Result<Cgroup> group = Cgroup::create(*layout, path, limits, devices);
                      return group ? ok() : Status(group.error());
                    });
}

// setLimits(path, limits, root?) → what the kernel reads back
Napi::Value set_limits(const Napi::CallbackInfo& info) {
  return Task<Limits>::run(
      info.Env(),
      [path = text(info[0]), limits = limits_in(info[1]), root = root_in(info, 2)] {
        return with_group<Limits>(path, root, [&](const Cgroup& group) -> Result<Limits> {
          BERTH_TRY(group.set_limits(limits));
          return group.read_limits();
        });
      },
      to_js_limits);
}

Napi::Value read_limits(const Napi::CallbackInfo& info) {
  return Task<Limits>::run(
      info.Env(),
      [path = text(info[0]), root = root_in(info, 1)] {
        return with_group<Limits>(path, root, [](const Cgroup& group) { return group.read_limits(); });
      },
      to_js_limits);
}

Napi::Value to_js_rates(Napi::Env env, LinkRates& read) {
  Napi::Object made = Napi::Object::New(env);
  made.Set("receive", number_or_null(env, static_cast<double>(read.receive_bytes)));
  made.Set("transmit", number_or_null(env, static_cast<double>(read.transmit_bytes)));
  return made;
}

// setLinkRates(link, { receive, transmit }) → what the kernel reads back; bytes per second as the guest sees
// it
Napi::Value set_rates(const Napi::CallbackInfo& info) {
  const auto wanted = info[1].As<Napi::Object>();
  const LinkRates rates = {number_in(wanted, "receive"), number_in(wanted, "transmit")};
  return Task<LinkRates>::run(
      info.Env(),
      [link = text(info[0]), rates]() -> Result<LinkRates> {
        Result<Netlink> netlink = Netlink::open();
        if (!netlink) {
          return netlink.error();
        }
        BERTH_TRY(set_link_rates(*netlink, link, rates));
        return read_link_rates(*netlink, link);
      },
      to_js_rates);
}

// readLinkRates(link) → the same
Napi::Value read_rates(const Napi::CallbackInfo& info) {
  return Task<LinkRates>::run(
      info.Env(),
      [link = text(info[0])]() -> Result<LinkRates> {
        Result<Netlink> netlink = Netlink::open();
        if (!netlink) {
          return netlink.error();
        }
        return read_link_rates(*netlink, link);
      },
      to_js_rates);
}

}  // namespace

void add_limits(Napi::Env env, Napi::Object exports) {
  exports.Set("createCgroup", Napi::Function::New(env, create_cgroup));
  exports.Set("setLimits", Napi::Function::New(env, set_limits));
  exports.Set("readLimits", Napi::Function::New(env, read_limits));
  exports.Set("setLinkRates", Napi::Function::New(env, set_rates));
  exports.Set("readLinkRates", Napi::Function::New(env, read_rates));
}

}  // namespace berth::addon
