// Answers of rtnetlink(7): the input is messages, which come in packets as the first byte parts them.
#include "netlink.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cstring>

#include "fuzz.h"

namespace berth {
namespace {

constexpr size_t kSequence = offsetof(nlmsghdr, nlmsg_seq);

// Numbers the messages as those of the first request, so that the reader looks at them.
std::string numbered(std::string_view bytes) {
  std::string out(bytes);
  for (size_t at = 0; at + sizeof(nlmsghdr) <= out.size();) {
    uint32_t length = 0;
    memcpy(&length, &out[at], sizeof length);
    const uint32_t sequence = 1;
    memcpy(&out[at + kSequence], &sequence, sizeof sequence);
    at += std::max<size_t>(sizeof(nlmsghdr), NLMSG_ALIGN(std::min<size_t>(length, out.size())));
  }
  return out;
}

Netlink answered(std::string_view bytes, size_t packet) {
  int ends[2] = {-1, -1};
  fuzz::promise(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0, "a socket can be made");
  Fd kernel(ends[1]);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(packet, bytes.size()))) {
    if (send(kernel.get(), bytes.data(), std::min(packet, bytes.size()), MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
      break;
    }
  }
  // What it asks goes nowhere; its end is the end of the answer.
  shutdown(kernel.get(), SHUT_WR);
  static Fd kept;
  kept = std::move(kernel);
  return Netlink::over(Fd(ends[0]));
}

}  // namespace
}  // namespace berth

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace berth;
  if (size == 0) {
    return 0;
  }
  const std::string bytes = numbered(fuzz::bytes_of(data, size).substr(1));
  const size_t packet = data[0] == 0 ? SIZE_MAX : data[0] * 4UL;
  (void)answered(bytes, packet).links();
  (void)answered(bytes, packet).link_bytes();
  (void)answered(bytes, packet).rate_of(2);
  (void)answered(bytes, packet).arriving_through(2);
  return 0;
}
