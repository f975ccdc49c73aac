// Named messages between a process and its child while a guest starts or is joined, over a SOCK_SEQPACKET
// pair; a message may carry one descriptor. See unix(7).
#pragma once

#include <string>
#include <string_view>

#include "fd.h"
#include "result.h"

namespace berth {

enum class Message : char {
  kMapped = 'm',    // parent: the id maps are written
  kLinked = 'l',    // parent: the link is there, if there is one
  kMount = 'M',     // parent: a mount for the path in the payload, below the guest's root
  kRoot = 'r',      // parent: here is the guest's root, mounted
  kSettled = 's',   // parent: mounts, devices and settings are there
  kTerminal = 't',  // child: here is the master of my terminal
  kFailed = 'f',    // child: an Error
  kGone = 'g',      // the other end closed: exec succeeded, or it died
};

struct Received {
  Message message = Message::kGone;
  std::string payload;
  Fd fd;
};

struct Channel {
  Fd parent, child;
};

Result<Channel> open_channel();
Status send_message(int socket, Message message, std::string_view payload = {}, int fd = -1);
Result<Received> receive_message(int socket);
// Wait for exactly this one; a kFailed turns into its error, a closed channel into ECHILD.
Result<Received> expect_message(int socket, Message message);
void send_failure(int socket, const Error& error);

}  // namespace berth
