#include "cgroup_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdlib>

#include "fd.h"

namespace berth::cgroup_files {

Result<std::string> read_at(int dir, const std::string& path) {
  const Fd file(openat(dir, path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) {
    return fail("read", path);
  }
  std::string text;
  char buffer[4096];
  for (;;) {
    const ssize_t count = read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return fail("read", path);
    }
    if (count == 0) {
      return text;
    }
    text.append(buffer, static_cast<size_t>(count));
  }
}

// What a person reads: the line that clears a file is written as nothing.
static Error refused(const std::string& value, const std::string& path) {
  const std::string line = value.substr(0, value.find('\n'));
  return fail(line.empty() ? "clear" : "write " + line, path);
}

Status write_at(int dir, const std::string& path, const std::string& value) {
  return write_each(dir, path, {value});
}

Status write_each(int dir, const std::string& path, const std::vector<std::string>& values) {
  const Fd file(openat(dir, path.c_str(), O_WRONLY | O_CLOEXEC | O_TRUNC));
  for (const std::string& value : values) {
    if (!file.valid()) {
      return refused(value, path);
    }
    ssize_t count = 0;
    do {
      count = write(file.get(), value.data(), value.size());
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
      return refused(value, path);
    }
  }
  return ok();
}

bool exists_at(int dir, const std::string& path) {
  struct stat unused = {};
  return fstatat(dir, path.c_str(), &unused, 0) == 0;
}

Result<int64_t> read_number(int dir, const std::string& path) {
  Result<std::string> text = read_at(dir, path);
  if (!text) {
    return text.error();
  }
  // v1 rounds 2^63 - 1 down to whole pages; no machine has that much.
  constexpr int64_t kNoLimit = int64_t{1} << 62;
  char* end = nullptr;
  errno = 0;
  const int64_t value = strtoll(text->c_str(), &end, 10);
  if (end == text->c_str()) {
    if (text->rfind("max", 0) == 0) {
      return int64_t{-1};
    }
    return fail_with(EBADMSG, "read a number", path);
  }
  return value < 0 || value >= kNoLimit ? int64_t{-1} : value;
}

Result<int64_t> read_key(int dir, const std::string& path, const std::string& key) {
  Result<std::string> text = read_at(dir, path);
  if (!text) {
    return text.error();
  }
  const std::string start = key + " ";
  size_t at = 0;
  while (at < text->size()) {
    if (text->compare(at, start.size(), start) == 0) {
      return int64_t{strtoll(text->c_str() + at + start.size(), nullptr, 10)};
    }
    const size_t newline = text->find('\n', at);
    at = newline == std::string::npos ? text->size() : newline + 1;
  }
  return fail_with(ENODATA, "find " + key, path);
}

}  // namespace berth::cgroup_files
