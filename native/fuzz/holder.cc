// What a client may send to a holder of a terminal: hello, input, sizes, acknowledgements, orders. A real
// holder on a real socket and a real terminal.
#include "holder.h"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

#include "fuzz.h"

namespace berth {
namespace {

constexpr int kRounds = 3;  // of the holder's loop: one takes the client, one its bytes

const std::string& folder() {
  static const std::string path = fuzz::own_folder();
  return path;
}

Fd connect_with(std::string_view bytes) {
  Fd client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  (void)snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", folder().c_str(), wire::kSocketFile);
  fuzz::promise(connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0,
                "a client can connect");
  (void)!send(client.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  shutdown(client.get(), SHUT_WR);
  return client;
}

}  // namespace
}  // namespace berth

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace berth;
  const Fd dir(open(folder().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  HolderOptions options;
  options.dir = dir.get();
  options.on_stop = [](bool, uint32_t) {};
  options.on_memory = [](std::string_view order) { return order == "go-on"; };
  auto holder = Holder::open(std::move(options));
  fuzz::promise(static_cast<bool>(holder), "a holder can be opened");
  Fd terminal(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  fuzz::promise(terminal.valid() && unlockpt(terminal.get()) == 0, "a terminal can be opened");
  (void)(*holder)->hold(std::move(terminal), 1);
  const Fd client = connect_with(fuzz::bytes_of(data, size));
  const Fd always(eventfd(1, EFD_CLOEXEC));
  int round = 0;
  const auto next = [&] {
    if (++round == 1) {
      (*holder)->tell("memory-high");
    }
    if (round == kRounds) {
      (*holder)->unwatch(always.get());
      (*holder)->finish({});
    }
  };
  (void)(*holder)->watch(always.get(), next);
  fuzz::promise(static_cast<bool>((*holder)->run()), "a holder ends in order");
  return 0;
}
