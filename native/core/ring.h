// The last MiB of a terminal in a file: byte n of the stream is at n mod its size. Not mapped, so that it is
// not the holder's memory.
#pragma once

#include <cstdint>
#include <string_view>

#include "fd.h"
#include "result.h"

namespace berth {

class Ring {
 public:
  static Result<Ring> create(int dir);
  // A full disk loses the bytes of the replay, not the stream: offsets count on.
  void append(std::string_view bytes);
  // At most `limit` bytes from `offset`, which lies in [start, end]; fewer at the file's edge.
  Result<size_t> read(uint64_t offset, char* out, size_t limit) const;
  uint64_t start() const;
  uint64_t end() const { return end_; }

 private:
  explicit Ring(Fd file) : file_(std::move(file)) {}
  Fd file_;
  uint64_t end_ = 0;
};

}  // namespace berth
