// Work off the event loop: a function that gives a Result runs on libuv's pool, its outcome settles a
// promise.
#pragma once

#include <napi.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "report.h"
#include "result.h"

namespace berth::addon {

// `code` is errno's name, as in Node's own errors.
inline Napi::Error to_js(Napi::Env env, const Error& error) {
  const std::string code = errno_name(error.code);
  const std::string where = error.path.empty() ? "" : " " + error.path;
  Napi::Error made = Napi::Error::New(env, error.action + where + ": " + code);
  made.Set("code", Napi::String::New(env, code));
  made.Set("action", Napi::String::New(env, error.action));
  made.Set("path", Napi::String::New(env, error.path));
  return made;
}

template <typename T>
class Task : public Napi::AsyncWorker {
 public:
  using Work = std::function<Result<T>()>;
  using Convert = std::function<Napi::Value(Napi::Env, T&)>;

  static Napi::Value run(Napi::Env env, Work work, Convert convert) {
    auto* task = new Task(env, std::move(work), std::move(convert));  // AsyncWorker deletes itself
    Napi::Promise promise = task->deferred_.Promise();
    task->Queue();
    return promise;
  }

  void Execute() override { result_ = work_(); }
  void OnOK() override {
    Napi::HandleScope scope(Env());
    if (result_) {
      deferred_.Resolve(convert_(Env(), *result_));
    } else {
      deferred_.Reject(to_js(Env(), result_.error()).Value());
    }
  }

 private:
  Task(Napi::Env env, Work work, Convert convert)
      : Napi::AsyncWorker(env),
        work_(std::move(work)),
        convert_(std::move(convert)),
        deferred_(Napi::Promise::Deferred::New(env)) {}

  Work work_;
  Convert convert_;
  Napi::Promise::Deferred deferred_;
  Result<T> result_ = fail_with(ECANCELED, "run");
};

inline Napi::Value run_status(Napi::Env env, std::function<Status()> work) {
  return Task<Unit>::run(env, std::move(work), [](Napi::Env with, Unit&) { return with.Undefined(); });
}

inline std::string text(const Napi::Value& value) {
  return value.ToString().Utf8Value();
}

inline std::vector<std::string> texts(const Napi::Value& value) {
  std::vector<std::string> all;
  const auto array = value.As<Napi::Array>();
  for (uint32_t i = 0; i < array.Length(); i++) {
    all.push_back(text(array.Get(i)));
  }
  return all;
}

// The groups of functions; each adds its own to `exports`.
void add_cgroups(Napi::Env env, Napi::Object exports);
void add_limits(Napi::Env env, Napi::Object exports);
void add_usage(Napi::Env env, Napi::Object exports);
void add_network(Napi::Env env, Napi::Object exports);
void add_processes(Napi::Env env, Napi::Object exports);
void add_ended_runs(Napi::Env env, Napi::Object exports);
void add_probes(Napi::Env env, Napi::Object exports);
void add_signals(Napi::Env env, Napi::Object exports);
void add_descriptors(Napi::Env env, Napi::Object exports);
void add_unmount(Napi::Env env, Napi::Object exports);
void add_memory(Napi::Env env, Napi::Object exports);
void add_datagram(Napi::Env env, Napi::Object exports);

}  // namespace berth::addon
