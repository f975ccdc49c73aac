// Control groups for the server: what it reads and changes of running guests.
#include "groups.h"

namespace berth::addon {
namespace {

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
  exports.Set("freeze", Napi::Function::New(env, freeze));
  exports.Set("frozen", Napi::Function::New(env, frozen));
  exports.Set("oomKills", Napi::Function::New(env, oom_kills));
  exports.Set("killCgroup", Napi::Function::New(env, kill));
  exports.Set("removeCgroup", Napi::Function::New(env, remove));
  exports.Set("describeLayout", Napi::Function::New(env, describe_layout));
}

}  // namespace berth::addon
