// Control groups by their names, for all functions that take one.
#pragma once

#include "cgroup.h"
#include "task.h"

namespace berth::addon {

// What a host mounts does not change while we run; tests name a folder of their own.
inline Result<CgroupLayout> layout_of(const std::string& root) {
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

inline std::string root_in(const Napi::CallbackInfo& info, size_t index) {
  return info.Length() > index && info[index].IsString() ? text(info[index]) : std::string();
}

inline Napi::Value number_or_null(Napi::Env env, double value) {
  return value < 0 ? env.Null() : Napi::Value(Napi::Number::New(env, value));
}

}  // namespace berth::addon
