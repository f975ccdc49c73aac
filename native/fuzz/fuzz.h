// What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput, made by build.sh with ASan
// and UBSan (https://llvm.org/docs/LibFuzzer.html); whatever it is fed, it must neither fall nor break its
// own promises.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace berth::fuzz {

// A promise of the code under test: breaking it is a finding as a bad access is.
inline void promise(bool kept, const char* what) {
  if (!kept) {
    (void)fprintf(stderr, "broken promise: %s\n", what);
    abort();
  }
}

inline std::string_view bytes_of(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// The input parted at its NUL bytes.
inline std::vector<std::string> pieces(std::string_view text) {
  std::vector<std::string> out;
  for (size_t end = 0; end != std::string_view::npos; text.remove_prefix(end + 1)) {
    end = text.find('\0');
    out.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      break;
    }
  }
  return out;
}

// A folder of this process's own in TMPDIR, which whoever runs the target removes.
inline std::string own_folder() {
  const char* parent = getenv("TMPDIR");
  std::string path = std::string(parent == nullptr ? "/tmp" : parent) + "/berth-fuzz-XXXXXX";
  promise(mkdtemp(path.data()) != nullptr, "a folder can be made");
  return path;
}

inline void make_folders(const std::string& path) {
  for (size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
    mkdir(path.substr(0, at).c_str(), 0700);
  }
  mkdir(path.c_str(), 0700);
}

inline void put_file(const std::string& path, std::string_view text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  promise(file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()),
          "a file can be written");
  close(file);
}

}  // namespace berth::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
