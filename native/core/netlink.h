// Links and addresses by rtnetlink(7). A Netlink object speaks to the network namespace that it was opened
// in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fd.h"
#include "result.h"

namespace berth {

struct VethOptions {
  std::string name;  // host end
  uint32_t bridge_index = 0;
  int guest_netns_fd = -1;
  std::string guest_name;  // "eth0"
  std::string guest_mac;   // "02:…"
  bool isolated = false;
};

struct LinkInfo {
  uint32_t index;
  std::string name;
  std::string kind;  // "bridge", "veth", …
  bool up;
};

class Netlink {
 public:
  static Result<Netlink> open();
  Result<uint32_t> index_of(const std::string& name);
  Status create_bridge(const std::string& name);  // EEXIST is success when it is a bridge
  Status create_veth(const VethOptions& options);
  Status set_up(uint32_t index);
  Status add_address(uint32_t index, const std::string& cidr);  // v4 or v6; EEXIST is success; v6 without DAD
  Status add_default_route(uint32_t index, const std::string& gateway);
  Status delete_link(const std::string& name);  // ENODEV is success
  Result<std::vector<LinkInfo>> links();

 private:
  explicit Netlink(Fd socket) : socket_(std::move(socket)) {}
  Status isolate(const std::string& name);
  Fd socket_;
  uint32_t sequence_ = 0;
};

}  // namespace berth
