#include "frame.h"

#include <sys/wait.h>

#include "spec.h"
#include "sys.h"

namespace berth {

constexpr size_t kHeader = 5;

Result<std::optional<Frame>> FrameReader::next() {
  if (used_ > 0) {
    buffer_.erase(0, used_);
    used_ = 0;
  }
  std::string_view rest = buffer_;
  const auto tag = take_integer<uint8_t>(rest);
  const auto length = take_integer<uint32_t>(rest);
  if (!length) {
    return std::optional<Frame>();
  }
  if (*length > wire::kMaxFrameBytes) {
    return fail_with(EMSGSIZE, "read a frame");
  }
  if (rest.size() < *length) {
    return std::optional<Frame>();
  }
  used_ = kHeader + *length;
  return std::optional<Frame>(Frame{static_cast<wire::Tag>(*tag), rest.substr(0, *length)});
}

std::string encode_frame(wire::Tag tag, std::string_view payload) {
  std::string out;
  out.reserve(kHeader + payload.size());
  put_integer(out, static_cast<uint8_t>(tag));
  put_integer(out, static_cast<uint32_t>(payload.size()));
  out.append(payload);
  return out;
}

Exit exit_of(int wait_status) {
  Exit exit;
  exit.signalled = WIFSIGNALED(wait_status);
  exit.status = exit.signalled ? WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
  exit.at_ms = wall_clock_ms();
  return exit;
}

std::string encode_exit(const Exit& exit) {
  std::string out;
  put_integer(out,
              static_cast<uint8_t>(exit.signalled ? wire::ExitKind::kSignalled : wire::ExitKind::kExited));
  put_integer(out, static_cast<int32_t>(exit.status));
  put_integer(out, static_cast<uint8_t>(exit.out_of_memory));
  put_integer(out, exit.at_ms);
  return out;
}

std::string encode_exit_file(const Exit& exit) {
  return encode_entries({{"version", to_text(wire::kVersion)},
                         {"kind", exit.signalled ? "signalled" : "exited"},
                         {"status", to_text(exit.status)},
                         {"out_of_memory", exit.out_of_memory ? "1" : "0"},
                         {"at_ms", to_text(static_cast<int64_t>(exit.at_ms))},
                         {"console_end", to_text(static_cast<int64_t>(exit.console_end))}});
}

}  // namespace berth
