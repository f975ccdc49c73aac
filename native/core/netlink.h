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

struct LinkBytes {
  uint32_t index;
  uint64_t receive, transmit;  // as this end of the link counts
};

class Netlink {
 public:
  static Result<Netlink> open();
  // Over a socket that is there already, whoever answers on it.
  static Netlink over(Fd socket) { return Netlink(std::move(socket)); }
  Result<uint32_t> index_of(const std::string& name) const;
  // EEXIST is success when it is a bridge. Its MAC follows from the name: it stays when ports come and go.
  Status create_bridge(const std::string& name);
  // Both ends in one message, the peer in the guest's namespace; the host end is a port of the bridge that
  // takes frames from the guest's MAC only (locked port with a static entry) where the kernel can
  // (Linux 5.18). Both are down. Set the host end up last: each time that it has a carrier or none the kernel
  // looks at all ports.
  Status create_veth(const VethOptions& options);
  Status set_up(uint32_t index);
  Status add_address(uint32_t index, const std::string& cidr);  // v4 or v6; EEXIST is success; v6 without DAD
  Status add_default_route(uint32_t index, const std::string& gateway);
  Status delete_link(const std::string& name);  // ENODEV is success
  Status delete_link(uint32_t index);           // ENODEV is success; never another that has its name by now
  Result<std::vector<LinkInfo>> links();
  // Only the counters, of all links: a sixth of the bytes of links().
  Result<std::vector<LinkBytes>> link_bytes();
  // An intermediate functional block, up: what is redirected to it goes through its queue, then on its way.
  // EEXIST is success when it is one; `made` tells which it was.
  Status create_ifb(const std::string& name, bool& made);
  // What leaves by the link in bytes per second (token bucket), -1: as fast as it can.
  Status set_rate(uint32_t index, int64_t bytes);
  Result<int64_t> rate_of(uint32_t index);  // -1: none of ours
  // Lead what arrives at the link through another one, 0: none.
  Status redirect_arriving(uint32_t index, uint32_t through);
  Result<uint32_t> arriving_through(uint32_t index);  // the index of that one; 0: none

 private:
  explicit Netlink(Fd socket) : socket_(std::move(socket)) {}
  // Send, and hand each part of the answer to `take` (may be empty) until the kernel's last word.
  Status ask(NetlinkMessage& message, const std::string& action, const std::string& path,
             const std::function<void(const nlmsghdr&)>& take = {});
  Status leave_unaddressed(uint32_t index, const std::string& name);
  Status leave_without_ipv6(uint32_t index, const std::string& name);
  Status lock_port(uint32_t index, const VethOptions& options);
  Fd socket_;
  uint32_t sequence_ = 0;
};

}  // namespace berth
