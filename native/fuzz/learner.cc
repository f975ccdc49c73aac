// The kernel's audit records, in which a guest's program has its name: each part of the input is the text of
// one.
#include "learner.h"

#include <linux/audit.h>
#include <linux/netlink.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>

#include "fuzz.h"
#include "sys.h"

namespace berth {
namespace {

void tell(int socket, std::string_view text, uint16_t type) {
  nlmsghdr header = {};
  header.nlmsg_len = static_cast<uint32_t>(NLMSG_HDRLEN + text.size());
  header.nlmsg_type = type;
  std::string record(reinterpret_cast<const char*>(&header), sizeof header);
  record += text;
  (void)!send(socket, record.data(), record.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace
}  // namespace berth

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace berth;
  Spec spec;
  spec.id_base = 1'310'720'000;
  int ends[2] = {-1, -1};
  fuzz::promise(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0,
                "a socket can be made");
  const Fd kernel(ends[1]);
  Fd file(memfd_create("learned", MFD_CLOEXEC));
  const Fd kept(dup(file.get()));
  Learner learner = Learner::over(spec, Fd(ends[0]), std::move(file));
  const auto text = fuzz::bytes_of(data, size);
  for (const auto& record : fuzz::pieces(text)) {
    tell(kernel.get(), record, AUDIT_SECCOMP);
  }
  tell(kernel.get(), text, AUDIT_SECCOMP);
  (void)!send(kernel.get(), text.data(), std::min<size_t>(text.size(), 4096), MSG_DONTWAIT | MSG_NOSIGNAL);
  learner.read_records(Learner::kMostAtOnce);
  lseek(kept.get(), 0, SEEK_SET);
  auto learned = read_all(kept.get(), 1 << 20);
  fuzz::promise(static_cast<bool>(learned), "what was learned can be read");
  // `ARCH NUMBER` a line, whatever the record says.
  for (size_t at = 0; at < learned->size();) {
    const size_t end = learned->find('\n', at);
    fuzz::promise(end != std::string::npos, "a line has its end");
    const std::string_view line = std::string_view(*learned).substr(at, end - at);
    fuzz::promise(std::count(line.begin(), line.end(), ' ') == 1, "a line has two words");
    at = end + 1;
  }
  return 0;
}
