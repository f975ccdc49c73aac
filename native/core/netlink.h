// Links and addresses by rtnetlink(7). A Netlink object speaks to the network namespace that it was opened
// in.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "fd.h"
#include "result.h"

struct nlmsghdr;

namespace berth {

class NetlinkMessage;

struct VethOptions {
  std::string name;  // host end
  uint32_t bridge_index = 0;
  int guest_netns_fd = -1;
  std::string guest_name;  // "eth0"
  std::string guest_mac;   // "02:…"
  bool isolated = false;   // sees the bridge but no other isolated port
};

struct LinkInfo {
  uint32_t index;
  std::string name;
  std::string kind;  // "bridge", "veth", …
  bool up;
  uint64_t receive_bytes;  // as this end of the link counts
  uint64_t transmit_bytes;
};

class Netlink {
 public:
  static Result<Netlink> open();
  Result<uint32_t> index_of(const std::string& name);
  // EEXIST is success when it is a bridge. Its MAC follows from the name: it stays when ports come and go.
  Status create_bridge(const std::string& name);
  // Both ends in one message, the peer in the guest's namespace (down: the guest's side sets it up); the host
  // end is up, and a port of the bridge that takes frames from the guest's MAC only (locked port with a
  // static entry) where the kernel can (Linux 5.18).
  Status create_veth(const VethOptions& options);
  Status set_up(uint32_t index);
  Status add_address(uint32_t index, const std::string& cidr);  // v4 or v6; EEXIST is success; v6 without DAD
  Status add_default_route(uint32_t index, const std::string& gateway);
  Status delete_link(const std::string& name);  // ENODEV is success
  Result<std::vector<LinkInfo>> links();

 private:
  explicit Netlink(Fd socket) : socket_(std::move(socket)) {}
  // Send, and hand each part of the answer to `take` (may be empty) until the kernel's last word.
  Status ask(NetlinkMessage& message, const std::string& action, const std::string& path,
             const std::function<void(const nlmsghdr&)>& take = {});
  Status leave_unaddressed(uint32_t index, const std::string& name);
  Status lock_port(uint32_t index, const VethOptions& options);
  Fd socket_;
  uint32_t sequence_ = 0;
};

}  // namespace berth
