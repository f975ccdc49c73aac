// Holds a terminal: keeps its last output, and serves it on a unix socket to any number of clients
// (protocol/README.md). One thread, one epoll(7) loop, which the owner shares for descriptors of its own.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <string>

#include "fd.h"
#include "frame.h"
#include "result.h"
#include "ring.h"

namespace berth {

// How long output waits for more to go with it while the client has some that it has not acknowledged.
constexpr int kGatherMillis = 2;

struct HolderOptions {
  int dir = -1;            // holder.sock and console.ring are made here
  bool may_pause = false;  // a shell may block on a slow client, a guest's init never
  uint16_t columns = 80, rows = 24;
  std::function<void(bool force, uint32_t timeout_ms)> on_stop;
  std::function<bool(std::string_view order)> on_memory;  // false: it is no such order
};

class Holder {
 public:
  static Result<std::unique_ptr<Holder>> open(HolderOptions options);
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder();

  Status hold(Fd terminal, int pid);
  // Call `ready` in run() whenever `fd` is readable, or has something urgent (kernel files that notify).
  Status watch(int fd, std::function<void()> ready, bool urgent = false);
  // Before `fd` is closed; not from its own `ready`.
  void unwatch(int fd);
  // An event of the guest for every monitor; the next one is told when there is none.
  void tell(std::string_view event);
  // Read what the terminal still has: its last process ended.
  void drain();
  // How many bytes the terminal has ever printed.
  uint64_t printed() const { return ring_.end(); }
  // Tell every client, then let run() return when they have it, at the latest after the linger time.
  void finish(const Exit& exit);
  Status run();

 private:
  struct Client {
    Fd socket;
    FrameReader reader;
    std::string pending;  // the rest of a frame that the socket did not take
    bool greeted = false, terminal = false, closing = false;
    // The exit was its last frame. We hear it out until it closes: to one that still acknowledges what it
    // reads, a closed socket is an error, for which it drops what it has not read yet.
    bool told = false;
    uint64_t sent = 0, acknowledged = 0;
    // It has output to take, and gets more with it, at the latest so long after the last, in micros.
    bool gathers = false;
    uint64_t sent_at = 0;
    uint32_t interest = 0;
  };

  explicit Holder(HolderOptions options, Ring ring) : options_(std::move(options)), ring_(std::move(ring)) {}
  Status listen();
  Status add(int fd, uint32_t events);
  void accept_clients();
  bool read_terminal();
  void write_terminal();
  void handle_client(Client& client, uint32_t events);
  bool handle_frame(Client& client, const Frame& frame);
  bool greet(Client& client, std::string_view payload);
  void welcome(Client& client);
  void send_to(Client& client, const std::string& frame);
  bool stop(std::string_view payload);
  bool resize(std::string_view payload);
  void pump(Client& client);
  bool pump_output(Client& client);
  void refuse(Client& client, int code, const char* text);
  void flush(Client& client);
  void update_interest();
  void sweep();
  bool awaits_reader();
  bool has_had_its_turn();
  bool is_watched() const;
  int patience_millis() const;
  bool done() const;

  HolderOptions options_;
  Ring ring_;
  Fd epoll_, listener_, terminal_;
  Fd peer_;  // ours, so that a terminal which nobody has open does not hang up
  int pid_ = 0;
  uint32_t terminal_interest_ = 0;
  std::string input_;  // typed, not yet taken by the terminal
  std::list<Client> clients_;
  std::list<std::pair<int, std::function<void()>>> watched_;
  std::deque<std::string> untold_;  // frames of events that no monitor has heard of
  // How far the last terminal client had come when it went, and until when the program waits for the next.
  uint64_t unread_ = 0, reader_until_ = 0;
  // What was read of a terminal that nobody looks at since then, and whether it is left alone for a moment.
  uint64_t turn_began_ = 0, turn_read_ = 0;
  bool rests_ = false;
  bool finished_ = false;
  std::string exit_frame_;
  uint64_t linger_until_ = 0;
};

}  // namespace berth
