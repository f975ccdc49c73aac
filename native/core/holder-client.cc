// What a Holder does for one client: see holder.h.
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

#include "holder.h"
#include "sys.h"

namespace berth {

constexpr size_t kOutputChunk =
    16384;  // small enough for the stack, big enough that a frame's head costs nothing
constexpr size_t kMaxUnread = 65536;  // of events
constexpr size_t kMaxUntold = 16;

void Holder::handle_client(Client& client, uint32_t events) {
  if ((events & EPOLLOUT) != 0) {
    flush(client);
  }
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0 || client.closing) {
    return;
  }
  std::array<char, kOutputChunk> chunk;
  const ssize_t got = recv(client.socket.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
    client.closing = true;
    client.pending.clear();
    return;
  }
  if (got < 0 || client.told) {
    return;
  }
  client.reader.append({chunk.data(), static_cast<size_t>(got)});
  for (;;) {
    auto frame = client.reader.next();
    if (!frame) {
      refuse(client, EMSGSIZE, "a frame is at most 1 MiB");
      return;
    }
    if (!*frame) {
      break;
    }
    if (!handle_frame(client, **frame)) {
      refuse(client, EPROTO, "the frame is malformed or out of order");
      return;
    }
  }
  write_terminal();
}

bool Holder::handle_frame(Client& client, const Frame& frame) {
  if (client.greeted == (frame.tag == wire::Tag::kHello)) {
    return false;
  }
  std::string_view payload = frame.payload;
  switch (frame.tag) {
    case wire::Tag::kHello:
      return greet(client, payload);
    case wire::Tag::kInput:
      if (terminal_.valid()) {
        input_.append(payload);
      }
      return client.terminal;
    case wire::Tag::kResize:
      return resize(payload);
    case wire::Tag::kAcknowledge: {
      const auto offset = take_integer<uint64_t>(payload);
      client.acknowledged = std::max(client.acknowledged, std::min(offset.value_or(0), client.sent));
      return offset.has_value();
    }
    case wire::Tag::kStop:
      return stop(payload);
    case wire::Tag::kQuery:
      welcome(client);
      return true;
    case wire::Tag::kMemory:
      return options_.on_memory && options_.on_memory(payload);
    default:
      return false;
  }
}

bool Holder::greet(Client& client, std::string_view payload) {
  const auto role = take_integer<uint8_t>(payload);
  const auto from = take_integer<uint64_t>(payload);
  if (!from || *role > static_cast<uint8_t>(wire::Role::kTerminal)) {
    return false;
  }
  client.greeted = true;
  client.terminal = *role == static_cast<uint8_t>(wire::Role::kTerminal);
  client.sent = client.acknowledged = std::clamp(*from, ring_.start(), ring_.end());
  welcome(client);
  for (; !client.terminal && !untold_.empty(); untold_.pop_front()) {
    send_to(client, untold_.front());
  }
  return true;
}

// What the socket does not take now, it takes later; who does not read at all is let go.
void Holder::send_to(Client& client, const std::string& frame) {
  client.pending += frame;
  flush(client);
  if (client.pending.size() > kMaxUnread) {
    client.pending.clear();
    client.closing = true;
  }
}

void Holder::tell(std::string_view event) {
  std::string payload;
  put_integer(payload, wall_clock_ms());
  payload += event;
  const std::string frame = encode_frame(wire::Tag::kEvent, payload);
  bool heard = false;
  for (Client& client : clients_) {
    if (client.greeted && !client.terminal && !client.closing) {
      send_to(client, frame);
      heard = true;
    }
  }
  if (!heard) {
    untold_.push_back(frame);
    if (untold_.size() > kMaxUntold) {
      untold_.pop_front();
    }
  }
}

void Holder::welcome(Client& client) {
  std::string payload;
  put_integer(payload, ring_.start());
  put_integer(payload, ring_.end());
  put_integer(payload, options_.columns);
  put_integer(payload, options_.rows);
  put_integer(payload, static_cast<uint32_t>(pid_));
  client.pending += encode_frame(wire::Tag::kWelcome, payload);
  flush(client);
}

bool Holder::stop(std::string_view payload) {
  const auto force = take_integer<uint8_t>(payload);
  const auto timeout = take_integer<uint32_t>(payload);
  if (!timeout) {
    return false;
  }
  if (!finished_) {
    options_.on_stop(*force != 0, *timeout);
  }
  return true;
}

bool Holder::resize(std::string_view payload) {
  const auto columns = take_integer<uint16_t>(payload);
  const auto rows = take_integer<uint16_t>(payload);
  if (!rows || *columns == 0 || *rows == 0) {
    return false;
  }
  options_.columns = *columns;
  options_.rows = *rows;
  const winsize size = {*rows, *columns, 0, 0};
  if (terminal_.valid()) {
    ioctl(terminal_.get(), TIOCSWINSZ, &size);
  }
  return true;
}

void Holder::refuse(Client& client, int code, const char* text) {
  std::string payload;
  put_integer(payload, static_cast<int32_t>(code));
  payload += text;
  client.pending += encode_frame(wire::Tag::kError, payload);
  client.closing = true;
  flush(client);
}

void Holder::flush(Client& client) {
  while (!client.pending.empty()) {
    const ssize_t put =
        send(client.socket.get(), client.pending.data(), client.pending.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) {
      continue;
    }
    if (put < 0 && errno == EAGAIN) {
      return;
    }
    if (put < 0) {
      client.pending.clear();
      client.closing = true;
      return;
    }
    client.pending.erase(0, static_cast<size_t>(put));
  }
  if (client.told) {
    shutdown(client.socket.get(), SHUT_WR);
  }
}

// One frame of output, if the client's window and socket have room. What the ring has lost meanwhile is a
// jump of the offset, and was never under way.
bool Holder::pump_output(Client& client) {
  const uint64_t under_way = client.sent - client.acknowledged;
  if (under_way >= wire::kWindowBytes) {
    return false;
  }
  if (client.sent < ring_.start()) {
    client.sent = ring_.start();
    client.acknowledged = client.sent - under_way;
  }
  const uint64_t wanted =
      std::min<uint64_t>({wire::kWindowBytes - under_way, ring_.end() - client.sent, kOutputChunk});
  client.gathers = false;
  if (wanted == 0) {
    return false;
  }
  // A frame costs the reader more than its bytes do. The exit waits for nothing.
  const uint64_t now = monotonic_micros();
  constexpr uint64_t kGatherMicros = uint64_t{kGatherMillis} * 1000;
  if (under_way > 0 && wanted < kOutputChunk && !finished_ && now - client.sent_at < kGatherMicros) {
    client.gathers = true;
    return false;
  }
  std::array<char, kOutputChunk> chunk;
  auto got = ring_.read(client.sent, chunk.data(), wanted);
  if (!got) {
    refuse(client, got.error().code, "the ring cannot be read");
    return false;
  }
  std::string payload;
  payload.reserve(sizeof(uint64_t) + *got);
  put_integer(payload, client.sent);
  payload.append(chunk.data(), *got);
  client.pending = encode_frame(wire::Tag::kOutput, payload);
  client.sent += *got;
  client.sent_at = now;
  flush(client);
  return true;
}

void Holder::pump(Client& client) {
  while (client.terminal && !client.closing && !client.told && client.pending.empty() &&
         pump_output(client)) {
  }
  const bool caught_up = !client.terminal || client.sent == ring_.end();
  if (finished_ && !client.closing && !client.told && client.pending.empty() && caught_up) {
    client.pending = exit_frame_;
    client.told = true;
    flush(client);
  }
}

}  // namespace berth
