// A message to a unix datagram socket (unix(7)), which Node has no way to: the log of the host is one.
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cstring>

#include "fd.h"
#include "task.h"

namespace berth::addon {
namespace {

constexpr time_t kPatienceSeconds = 5;

// Waits for whoever reads too slowly, and then gives up with EAGAIN.
Status send_datagram(const std::string& path, const std::string& bytes) {
  sockaddr_un address{};
  if (path.size() >= sizeof(address.sun_path)) {
    return fail_with(ENAMETOOLONG, "send to", path);
  }
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  const Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) {
    return fail("open a socket for", path);
  }
  const timeval patience{.tv_sec = kPatienceSeconds, .tv_usec = 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  const auto* to = reinterpret_cast<const sockaddr*>(&address);
  if (sendto(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL, to, sizeof(address)) < 0) {
    return fail("send to", path);
  }
  return Unit{};
}

// sendDatagram(path, bytes)
Napi::Value send(const Napi::CallbackInfo& info) {
  const auto bytes = info[1].As<Napi::Buffer<char>>();
  return run_status(info.Env(), [path = text(info[0]), copy = std::string(bytes.Data(), bytes.Length())] {
    return send_datagram(path, copy);
  });
}

}  // namespace

void add_datagram(Napi::Env env, Napi::Object exports) {
  exports.Set("sendDatagram", Napi::Function::New(env, send));
}

}  // namespace berth::addon
