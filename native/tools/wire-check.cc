// The C++ half of the protocol's test (protocol/wire.root.test.ts):
//   wire-check spec FILE    the spec of FILE, parsed and written again; or `error …`
//   wire-check frames FILE  one line for each frame of FILE: tag, payload in hex
//   wire-check exit         the frame and the file of one known exit
#include <unistd.h>

#include <string>
#include <string_view>

#include "frame.h"
#include "report.h"
#include "spec.h"
#include "sys.h"

namespace berth {
namespace {

int say(const Error& error) {
  (void)write_all(1, "error " + errno_name(error.code) + " " + report_word(error.action) + " " +
                         report_word(error.path) + "\n");
  return 1;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char byte : bytes) {
    out += kDigits[static_cast<uint8_t>(byte) >> 4];
    out += kDigits[static_cast<uint8_t>(byte) & 15];
  }
  return out;
}

int check_spec(const std::string& bytes) {
  auto spec = parse_spec(bytes);
  if (!spec) {
    return say(spec.error());
  }
  return write_all(1, encode_spec(*spec)) ? 0 : 1;
}

// Fed byte by byte: a frame may come in any pieces.
int check_frames(const std::string& bytes) {
  FrameReader reader;
  std::string out;
  for (const char byte : bytes) {
    reader.append({&byte, 1});
    auto frame = reader.next();
    if (!frame) {
      return say(frame.error());
    }
    if (*frame) {
      out += std::string(1, static_cast<char>((*frame)->tag)) + " " + hex((*frame)->payload) + "\n";
    }
  }
  return write_all(1, out) ? 0 : 1;
}

int check_exit() {
  Exit exit;
  exit.signalled = true;
  exit.status = 9;
  exit.out_of_memory = true;
  exit.at_ms = 1'700'000'000'000;
  return write_all(1, encode_frame(wire::Tag::kExit, encode_exit(exit)) + encode_exit_file(exit)) ? 0 : 1;
}

}  // namespace
}  // namespace berth

int main(int argc, char** argv) {
  using namespace berth;
  const std::string_view verb = argc > 1 ? argv[1] : "";
  if (verb == "exit") {
    return check_exit();
  }
  if (argc != 3) {
    return say(fail_with(EINVAL, "read the command line"));
  }
  auto bytes = read_file(argv[2], 4 << 20);
  if (!bytes) {
    return say(bytes.error());
  }
  return verb == "spec" ? check_spec(*bytes) : check_frames(*bytes);
}
