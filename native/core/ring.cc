#include "ring.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "wire.h"

namespace berth {

Result<Ring> Ring::create(int dir) {
  unlinkat(dir, wire::kRingFile, 0);  // a holder that still serves the last run keeps its own
  Fd file(openat(dir, wire::kRingFile, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.valid() || ftruncate(file.get(), wire::kRingBytes) != 0) {
    return fail("create", wire::kRingFile);
  }
  return Ring(std::move(file));
}

uint64_t Ring::start() const {
  return end_ > wire::kRingBytes ? end_ - wire::kRingBytes : 0;
}

void Ring::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const uint64_t at = end_ % wire::kRingBytes;
    const size_t part = std::min<uint64_t>(bytes.size(), wire::kRingBytes - at);
    if (pwrite(file_.get(), bytes.data(), part, static_cast<off_t>(at)) < 0 && errno == EINTR) {
      continue;
    }
    end_ += part;
    bytes.remove_prefix(part);
  }
}

Result<size_t> Ring::read(uint64_t offset, char* out, size_t limit) const {
  const uint64_t at = offset % wire::kRingBytes;
  const size_t part = std::min<uint64_t>({limit, end_ - offset, wire::kRingBytes - at});
  const ssize_t got = pread(file_.get(), out, part, static_cast<off_t>(at));
  if (got <= 0) {
    return fail("read", wire::kRingFile);
  }
  return static_cast<size_t>(got);
}

}  // namespace berth
