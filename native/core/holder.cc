#include "holder.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "sys.h"

namespace berth {
namespace {

constexpr size_t kMaxTyped = 65536;            // more typed bytes than this wait in their sockets
constexpr uint64_t kLingerMicros = 5'000'000;  // a client that does not read its last bytes has this long
constexpr size_t kMaxClients = 64;
constexpr size_t kReadsAtOnce = 4;
// A program waits so long for the next reader before the ring loses what the last one has not taken: a server
// that was killed comes back within this time.
constexpr uint64_t kReaderMicros = 30'000'000;
// Of a terminal that nobody looks at one piece (4 KiB is what the kernel gives at once) in a millisecond:
// what it costs to read, here and in the kernel's worker, counts as nobody's share of the processor, and a
// flood would take it from every guest. Small pieces, since all others wait behind a large one.
constexpr uint64_t kTurnMicros = 1000;
constexpr uint64_t kTurnBytes = 2048;

}  // namespace

Result<std::unique_ptr<Holder>> Holder::open(HolderOptions options) {
  auto ring = Ring::create(options.dir);
  if (!ring) {
    return ring.error();
  }
  std::unique_ptr<Holder> holder(new Holder(std::move(options), std::move(*ring)));
  holder->epoll_ = Fd(epoll_create1(EPOLL_CLOEXEC));
  if (!holder->epoll_.valid()) {
    return fail("epoll_create1");
  }
  BERTH_TRY(holder->listen());
  return holder;
}

Holder::~Holder() {
  if (listener_.valid()) {
    unlinkat(options_.dir, wire::kSocketFile, 0);
  }
}

// The name goes through /proc/self/fd: a socket's path has room for 107 bytes only.
Status Holder::listen() {
  listener_ = Fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listener_.valid()) {
    return fail("socket", wire::kSocketFile);
  }
  unlinkat(options_.dir, wire::kSocketFile, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string path = "/proc/self/fd/" + to_text(options_.dir) + "/" + wire::kSocketFile;
  memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const mode_t mask = umask(0177);
  const int bound = bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address);
  umask(mask);
  if (bound != 0 || ::listen(listener_.get(), 16) != 0) {
    return fail("listen", wire::kSocketFile);
  }
  return add(listener_.get(), EPOLLIN);
}

Status Holder::add(int fd, uint32_t events) {
  epoll_event event = {};
  event.events = events;
  event.data.fd = fd;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
    return fail("epoll_ctl");
  }
  return ok();
}

Status Holder::hold(Fd terminal, int pid) {
  terminal_ = std::move(terminal);
  pid_ = pid;
  peer_ = Fd(ioctl(terminal_.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!peer_.valid()) {
    return fail("open a terminal");
  }
  fcntl(terminal_.get(), F_SETFL, fcntl(terminal_.get(), F_GETFL) | O_NONBLOCK);
  const winsize size = {options_.rows, options_.columns, 0, 0};
  ioctl(terminal_.get(), TIOCSWINSZ, &size);
  terminal_interest_ = EPOLLIN;
  return add(terminal_.get(), EPOLLIN);
}

Status Holder::watch(int fd, std::function<void()> ready, bool urgent) {
  BERTH_TRY(add(fd, urgent ? EPOLLPRI : EPOLLIN));
  watched_.emplace_back(fd, std::move(ready));
  return ok();
}

void Holder::unwatch(int fd) {
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  watched_.remove_if([fd](const auto& one) { return one.first == fd; });
}

bool Holder::read_terminal() {
  std::array<char, 16384> chunk;
  const ssize_t got = read(terminal_.get(), chunk.data(), chunk.size());
  if (got > 0) {
    ring_.append({chunk.data(), static_cast<size_t>(got)});
    turn_read_ += static_cast<uint64_t>(got);
    return true;
  }
  return false;
}

void Holder::write_terminal() {
  while (!input_.empty() && terminal_.valid()) {
    const ssize_t put = write(terminal_.get(), input_.data(), input_.size());
    if (put <= 0) {
      break;
    }
    input_.erase(0, static_cast<size_t>(put));
  }
  if (finished_) {
    input_.clear();
  }
}

void Holder::drain() {
  const uint64_t enough = ring_.end() + wire::kRingBytes;
  while (terminal_.valid() && ring_.end() < enough && read_terminal()) {
  }
}

void Holder::finish(const Exit& exit) {
  if (terminal_.valid()) {
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, terminal_.get(), nullptr);
    terminal_.reset();
    peer_.reset();
  }
  // Nobody takes it now, and clients are heard only while there is room for more.
  input_.clear();
  // Nobody new: the guest may be started again, by a holder that takes this name.
  unlinkat(options_.dir, wire::kSocketFile, 0);
  listener_.reset();
  exit_frame_ = encode_frame(wire::Tag::kExit, encode_exit(exit));
  finished_ = true;
  linger_until_ = monotonic_micros() + kLingerMicros;
}

bool Holder::done() const {
  return finished_ && (clients_.empty() || monotonic_micros() >= linger_until_);
}

Status Holder::run() {
  std::array<epoll_event, 16> events;
  for (;;) {
    for (Client& client : clients_) {
      pump(client);
    }
    sweep();
    if (done()) {
      return ok();
    }
    update_interest();
    const int count =
        epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), patience_millis());
    if (count < 0 && errno != EINTR) {
      return fail("epoll_wait");
    }
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events.at(static_cast<size_t>(i));
      const int fd = event.data.fd;
      if (listener_.valid() && fd == listener_.get()) {
        accept_clients();
      } else if (fd == terminal_.get()) {
        // The kernel gives 4 KiB at a time: what a flood has ready is taken together where somebody looks.
        const size_t most = is_watched() ? kReadsAtOnce : 1;
        for (size_t reads = 0; (event.events & (EPOLLIN | EPOLLHUP)) != 0 && reads < most; ++reads) {
          if (!read_terminal()) {
            break;
          }
        }
        write_terminal();
      } else {
        const auto at =
            std::find_if(watched_.begin(), watched_.end(), [fd](const auto& one) { return one.first == fd; });
        if (at != watched_.end()) {
          const auto ready = at->second;  // its own: it may unwatch
          ready();
        }
        for (Client& client : clients_) {
          if (client.socket.get() == fd) {
            handle_client(client, event.events);
          }
        }
      }
    }
  }
}

// Which descriptors the loop wants to hear of now.
void Holder::update_interest() {
  bool paused = false;
  for (Client& client : clients_) {
    const uint32_t wanted =
        (input_.size() < kMaxTyped ? EPOLLIN : 0U) | (client.pending.empty() ? 0U : EPOLLOUT);
    if (wanted != client.interest) {
      epoll_event event = {};
      event.events = client.interest = wanted;
      event.data.fd = client.socket.get();
      epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, client.socket.get(), &event);
    }
    paused = paused || (client.terminal && ring_.end() - client.acknowledged >= wire::kWindowBytes);
  }
  paused = paused || awaits_reader();
  if (!terminal_.valid()) {
    rests_ = false;
    return;
  }
  rests_ = has_had_its_turn();
  const uint32_t wanted =
      ((options_.may_pause && paused) || rests_ ? 0U : EPOLLIN) | (input_.empty() ? 0U : EPOLLOUT);
  if (wanted != terminal_interest_) {
    epoll_event event = {};
    event.events = terminal_interest_ = wanted;
    event.data.fd = terminal_.get();
    epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, terminal_.get(), &event);
  }
}

void Holder::accept_clients() {
  for (;;) {
    Fd socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.valid()) {
      return;
    }
    if (clients_.size() >= kMaxClients || !add(socket.get(), EPOLLIN)) {
      continue;
    }
    clients_.emplace_back();
    clients_.back().socket = std::move(socket);
    clients_.back().interest = EPOLLIN;
  }
}

void Holder::sweep() {
  clients_.remove_if([this](const Client& client) {
    const bool gone = client.closing && client.pending.empty();
    if (gone && client.terminal && options_.may_pause) {
      unread_ = std::max(unread_, client.acknowledged);
      reader_until_ = monotonic_micros() + kReaderMicros;
    }
    return gone;
  });
}

// Whether the program has to wait, since it floods a terminal that nobody looks at.
bool Holder::has_had_its_turn() {
  if (turn_read_ == 0 || is_watched()) {
    turn_read_ = 0;
    return false;
  }
  const uint64_t now = monotonic_micros();
  if (now - turn_began_ >= kTurnMicros) {
    turn_began_ = now;
    turn_read_ = 0;
  }
  return turn_read_ >= kTurnBytes;
}

int Holder::patience_millis() const {
  if (rests_) {
    return kTurnMicros / 1000;
  }
  if (std::any_of(clients_.begin(), clients_.end(), [](const Client& one) { return one.gathers; })) {
    return kGatherMillis;
  }
  return finished_ || reader_until_ != 0 ? 250 : -1;
}

bool Holder::is_watched() const {
  return std::any_of(clients_.begin(), clients_.end(), [](const Client& one) { return one.terminal; });
}

// Whether the program has to wait, since nobody reads and the ring is full of what nobody has read.
bool Holder::awaits_reader() {
  if (is_watched() || (reader_until_ != 0 && monotonic_micros() >= reader_until_)) {
    reader_until_ = 0;
  }
  return reader_until_ != 0 && ring_.end() - unread_ > wire::kRingBytes - kMaxTyped;
}

}  // namespace berth
