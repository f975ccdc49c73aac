// The command line of `enter`, parted at NULs, and behind an empty word its order (descriptor 3).
#include "options.h"

#include <sys/mman.h>

#include "fuzz.h"
#include "wire.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace berth;
  const auto text = fuzz::bytes_of(data, size);
  const size_t border = std::min(text.find(std::string_view("\0\0", 2)), text.size());
  auto words = fuzz::pieces(text.substr(0, border));
  words.insert(words.begin(), "enter");
  const std::string_view order = text.substr(std::min(border + 2, text.size()));
  // libFuzzer may have something of its own there.
  const int kept = fcntl(wire::kSpecDescriptor, F_DUPFD_CLOEXEC, wire::kSpecDescriptor + 1);
  const int file = memfd_create("order", MFD_CLOEXEC);
  (void)!write(file, order.data(), order.size());
  lseek(file, 0, SEEK_SET);
  if (file != wire::kSpecDescriptor) {
    dup2(file, wire::kSpecDescriptor);
    close(file);
  }
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  auto options = parse_options(static_cast<int>(words.size()), argv.data());
  if (kept >= 0) {
    dup2(kept, wire::kSpecDescriptor);
    close(kept);
  } else {
    close(wire::kSpecDescriptor);
  }
  if (!options) {
    return 0;
  }
  fuzz::promise(!options->run_dir.empty(), "a guest is named");
  fuzz::promise(options->session || !options->command.empty(), "there is a command");
  fuzz::promise(options->workdir.empty() || options->workdir[0] == '/', "a working directory is absolute");
  fuzz::promise(options->columns > 0 && options->rows > 0, "a terminal has a size");
  return 0;
}
