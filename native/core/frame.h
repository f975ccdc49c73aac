// Frames of the holder socket (protocol/README.md): u8 tag, u32 length, payload; all integers little-endian.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "result.h"
#include "wire.h"

namespace berth {

struct Frame {
  wire::Tag tag;
  std::string_view payload;  // into the reader's buffer: valid until its next call
};

// Takes bytes as they come, gives whole frames.
class FrameReader {
 public:
  void append(std::string_view bytes) { buffer_.append(bytes); }
  // Nothing: the rest has yet to come. EMSGSIZE: longer than a frame may be.
  Result<std::optional<Frame>> next();

 private:
  std::string buffer_;
  size_t used_ = 0;
};

// Appends and reads integers of a payload; `take` past the end gives nothing.
template <typename T>
void put_integer(std::string& out, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) {
    out.push_back(static_cast<char>(static_cast<uint64_t>(value) >> (8 * i)));
  }
}

template <typename T>
std::optional<T> take_integer(std::string_view& payload) {
  if (payload.size() < sizeof(T)) {
    return std::nullopt;
  }
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    value |= static_cast<uint64_t>(static_cast<uint8_t>(payload[i])) << (8 * i);
  }
  payload.remove_prefix(sizeof(T));
  return static_cast<T>(value);
}

std::string encode_frame(wire::Tag tag, std::string_view payload);

struct Exit {
  bool signalled = false;
  int status = 0;
  bool out_of_memory = false;
  uint64_t at_ms = 0;
  uint64_t console_end = 0;  // bytes that its console ever printed; only in the file
};
Exit exit_of(int wait_status);
std::string encode_exit(const Exit& exit);       // the payload of X
std::string encode_exit_file(const Exit& exit);  // the file `exit`

}  // namespace berth
