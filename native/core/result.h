// The one way in which native code fails: errno, what was being done, and to what. No exceptions: the
// supervisor and enter are built without them.
#pragma once

#include <cerrno>
#include <string>
#include <utility>
#include <variant>

namespace berth {

struct Error {
  int code = 0;        // errno
  std::string action;  // "mount overlay", callers put their own context in front: "start: mount overlay"
  std::string path;    // what it was done to, may be empty

  Error in(const std::string& context) && {
    action = context + ": " + action;
    return std::move(*this);
  }
};

// The current errno as an Error.
inline Error fail(std::string action, std::string path = {}) {
  return Error{errno, std::move(action), std::move(path)};
}
inline Error fail_with(int code, std::string action, std::string path = {}) {
  return Error{code, std::move(action), std::move(path)};
}

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() { return *std::get_if<0>(&state_); }
  const T& operator*() const { return *std::get_if<0>(&state_); }
  T* operator->() { return std::get_if<0>(&state_); }
  Error&& error() { return std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

struct Unit {};
using Status = Result<Unit>;
inline Status ok() {
  return Unit{};
}

// Hand an error on to the caller.
#define BERTH_TRY(expr)                \
  do {                                 \
    auto berth_try_status = (expr);    \
    if (!berth_try_status) {           \
      return berth_try_status.error(); \
    }                                  \
  } while (false)

}  // namespace berth
