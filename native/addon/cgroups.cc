// Control groups for the server: what it reads and changes of running guests.
#include <map>

#include "cgroup.h"
#include "netlink.h"
#include "task.h"

namespace berth::addon {
namespace {

// What a host mounts does not change while we run; tests name a folder of their own.
Result<CgroupLayout> layout_of(const std::string& root) {
  if (!root.empty()) {
    return CgroupLayout::probe(root);
  }
  static const Result<CgroupLayout> host = CgroupLayout::probe();
  return host;
}

template <typename T>
Result<T> with_group(const std::string& path, const std::string& root,
                     const std::function<Result<T>(const Cgroup&)>& work) {
  Result<CgroupLayout> layout = layout_of(root);
  if (!layout) {
    return layout.error();
  }
  Result<Cgroup> group = Cgroup::open(*layout, path);
  if (!group) {
    return group.error();
  }
  return work(*group);
}

std::string root_in(const Napi::CallbackInfo& info, size_t index) {
  return info.Length() > index && info[index].IsString() ? text(info[index]) : std::string();
}

int64_t limit_in(const Napi::Object& limits, const char* name) {
  const Napi::Value value = limits.Get(name);
  return value.IsNumber() ? value.As<Napi::Number>().Int64Value() : -1;
}

Limits limits_in(const Napi::Value& value) {
  const auto limits = value.As<Napi::Object>();
  Limits out;
  out.cpu_micros = limit_in(limits, "cpuMicros");
  out.memory_bytes = limit_in(limits, "memory");
  out.swap_bytes = limit_in(limits, "swap");
  out.pids = limit_in(limits, "pids");
  return out;
}

Napi::Value number_or_null(Napi::Env env, int64_t value) {
  return value < 0 ? env.Null() : Napi::Value(Napi::Number::New(env, static_cast<double>(value)));
}

Napi::Value to_js_limits(Napi::Env env, Limits& limits) {
  Napi::Object made = Napi::Object::New(env);
  made.Set("cpuMicros", number_or_null(env, limits.cpu_micros));
  made.Set("memory", number_or_null(env, limits.memory_bytes));
  made.Set("swap", number_or_null(env, limits.swap_bytes));
  made.Set("pids", number_or_null(env, limits.pids));
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

Napi::Value freeze(const Napi::CallbackInfo& info) {
  return run_status(
      info.Env(), [path = text(info[0]), on = info[1].ToBoolean().Value(), root = root_in(info, 2)] {
        return with_group<Unit>(path, root, [&](const Cgroup& group) { return group.freeze(on); });
      });
}

Napi::Value frozen(const Napi::CallbackInfo& info) {
  return Task<bool>::run(
      info.Env(),
      [path = text(info[0]), root = root_in(info, 1)] {
        return with_group<bool>(path, root, [](const Cgroup& group) { return group.frozen(); });
      },
      [](Napi::Env env, bool& is) -> Napi::Value { return Napi::Boolean::New(env, is); });
}

Napi::Value oom_kills(const Napi::CallbackInfo& info) {
  return Task<uint64_t>::run(
      info.Env(),
      [path = text(info[0]), root = root_in(info, 1)] {
        return with_group<uint64_t>(path, root, [](const Cgroup& group) { return group.oom_kills(); });
      },
      [](Napi::Env env, uint64_t& count) -> Napi::Value {
        return Napi::Number::New(env, static_cast<double>(count));
      });
}

// Gone already is what was wanted.
Status unless_gone(Status status) {
  if (status) {
    return status;
  }
  Error error = status.error();
  return error.code == ENOENT ? ok() : Status(std::move(error));
}

Napi::Value kill(const Napi::CallbackInfo& info) {
  return run_status(info.Env(), [path = text(info[0]), root = root_in(info, 1)] {
    return unless_gone(with_group<Unit>(path, root, [](const Cgroup& group) { return group.kill(); }));
  });
}

Napi::Value remove(const Napi::CallbackInfo& info) {
  return run_status(info.Env(), [path = text(info[0]), root = root_in(info, 1)] {
    return unless_gone(with_group<Unit>(path, root, [](const Cgroup& group) { return group.remove(); }));
  });
}

struct Sample {
  bool exists = false;
  Usage usage;
  int64_t receive = -1, transmit = -1;  // as the guest sees them
};

Result<std::vector<Sample>> sample_all(const std::vector<std::string>& paths,
                                       const std::vector<std::string>& links, const std::string& root) {
  Result<CgroupLayout> layout = layout_of(root);
  Result<Netlink> netlink = Netlink::open();
  if (!layout || !netlink) {
    return layout ? netlink.error() : layout.error();
  }
  Result<std::vector<LinkInfo>> known = netlink->links();
  if (!known) {
    return known.error();
  }
  std::map<std::string, const LinkInfo*> by_name;
  for (const LinkInfo& link : *known) {
    by_name[link.name] = &link;
  }
  std::vector<Sample> samples(paths.size());
  for (size_t i = 0; i < paths.size(); i++) {
    Result<Cgroup> group = Cgroup::open(*layout, paths[i]);
    if (!group) {
      continue;
    }
    Result<Usage> usage =
        group->read_usage();  // fails when it goes away in the middle: then it does not exist
    if (!usage) {
      continue;
    }
    samples[i].exists = true;
    samples[i].usage = *usage;
    const auto link = by_name.find(links[i]);
    if (link != by_name.end()) {  // what the host's end sends, the guest receives
      samples[i].receive = static_cast<int64_t>(link->second->transmit_bytes);
      samples[i].transmit = static_cast<int64_t>(link->second->receive_bytes);
    }
  }
  return samples;
}

Napi::Value to_js_samples(Napi::Env env, std::vector<Sample>& samples) {
  Napi::Array all = Napi::Array::New(env, samples.size());
  for (uint32_t i = 0; i < samples.size(); i++) {
    const Sample& sample = samples[i];
    if (!sample.exists) {
      all.Set(i, env.Null());
      continue;
    }
    Napi::Object made = Napi::Object::New(env);
    made.Set("cpuTotalMicros", static_cast<double>(sample.usage.cpu_micros));
    made.Set("memory", static_cast<double>(sample.usage.memory_bytes));
    made.Set("swap", number_or_null(env, sample.usage.swap_bytes));
    made.Set("pids", static_cast<double>(sample.usage.pids));
    made.Set("networkReceiveBytes", number_or_null(env, sample.receive));
    made.Set("networkTransmitBytes", number_or_null(env, sample.transmit));
    all.Set(i, made);
  }
  return all;
}

// readUsage(paths, links, root?): many guests in one call; links[i] is the host end of guest i's pair, or "".
Napi::Value read_usage(const Napi::CallbackInfo& info) {
  return Task<std::vector<Sample>>::run(
      info.Env(),
      [paths = texts(info[0]), links = texts(info[1]),
       root = root_in(info, 2)]() -> Result<std::vector<Sample>> {
        if (paths.size() != links.size()) {
          return fail_with(EINVAL, "read usage: as many links as groups");
        }
        return sample_all(paths, links, root);
      },
      to_js_samples);
}

// describeLayout(root?) → [{ v2, mount, controllers }]
Napi::Value describe_layout(const Napi::CallbackInfo& info) {
  return Task<CgroupLayout>::run(
      info.Env(), [root = root_in(info, 0)] { return layout_of(root); },
      [](Napi::Env env, CgroupLayout& layout) -> Napi::Value {
        Napi::Array all = Napi::Array::New(env);
        for (const Hierarchy& hierarchy : layout.hierarchies()) {
          Napi::Array controllers = Napi::Array::New(env);
          for (const std::string& name : hierarchy.controllers) {
            controllers.Set(controllers.Length(), name);
          }
          Napi::Object made = Napi::Object::New(env);
          made.Set("v2", hierarchy.v2);
          made.Set("mount", hierarchy.mount);
          made.Set("controllers", controllers);
          all.Set(all.Length(), made);
        }
        return all;
      });
}

}  // namespace

void add_cgroups(Napi::Env env, Napi::Object exports) {
  exports.Set("createCgroup", Napi::Function::New(env, create_cgroup));
  exports.Set("setLimits", Napi::Function::New(env, set_limits));
  exports.Set("readLimits", Napi::Function::New(env, read_limits));
  exports.Set("freeze", Napi::Function::New(env, freeze));
  exports.Set("frozen", Napi::Function::New(env, frozen));
  exports.Set("oomKills", Napi::Function::New(env, oom_kills));
  exports.Set("killCgroup", Napi::Function::New(env, kill));
  exports.Set("removeCgroup", Napi::Function::New(env, remove));
  exports.Set("readUsage", Napi::Function::New(env, read_usage));
  exports.Set("describeLayout", Napi::Function::New(env, describe_layout));
}

}  // namespace berth::addon
