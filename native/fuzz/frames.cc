// Frames of the holder socket as they come in pieces, and the messages between the processes of a supervisor.
#include <sys/socket.h>

#include "channel.h"
#include "frame.h"
#include "fuzz.h"

namespace berth {
namespace {

// Whatever the pieces, the same frames.
std::string frames_of(std::string_view bytes, size_t piece) {
  FrameReader reader;
  std::string out;
  while (!bytes.empty()) {
    reader.append(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    for (;;) {
      auto frame = reader.next();
      if (!frame) {
        return out + "refused";
      }
      if (!*frame) {
        break;
      }
      out += encode_frame((*frame)->tag, (*frame)->payload);
    }
  }
  return out;
}

void read_message(std::string_view bytes) {
  auto channel = open_channel();
  fuzz::promise(static_cast<bool>(channel), "a channel can be opened");
  (void)!send(channel->child.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  channel->child.reset();
  (void)expect_message(channel->parent.get(), Message::kTerminal);
}

}  // namespace
}  // namespace berth

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace berth;
  if (size == 0) {
    return 0;
  }
  const auto bytes = fuzz::bytes_of(data, size).substr(1);
  const std::string whole = frames_of(bytes, bytes.size());
  fuzz::promise(frames_of(bytes, 1 + data[0] % 16) == whole, "frames are the same in any pieces");
  fuzz::promise(whole.ends_with("refused") || bytes.substr(0, whole.size()) == whole,
                "a frame is written as it was read");
  read_message(bytes);
  return 0;
}
