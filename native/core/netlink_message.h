// Building rtnetlink(7) messages: a header, then nested attributes, in one buffer.
#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <cstddef>
#include <cstring>
#include <string>

namespace berth {

class NetlinkMessage {
 public:
  NetlinkMessage(uint16_t type, uint16_t flags) {
    nlmsghdr header = {};
    header.nlmsg_type = type;
    header.nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | flags);
    put_raw(&header, sizeof header);
  }

  // The fixed part that follows the header (ifinfomsg, ifaddrmsg, …), or VETH_INFO_PEER's.
  template <typename T>
  void fixed(const T& value) {
    put_raw(&value, sizeof value);
  }
  void add(uint16_t type, const void* data, size_t size) {
    rtattr attribute = {};
    attribute.rta_len = static_cast<uint16_t>(RTA_LENGTH(size));
    attribute.rta_type = type;
    put_raw(&attribute, sizeof attribute);
    put_raw(data, size);
  }
  void add(uint16_t type, const std::string& text) { add(type, text.c_str(), text.size() + 1); }
  void add_u8(uint16_t type, uint8_t value) { add(type, &value, sizeof value); }
  void add_u32(uint16_t type, uint32_t value) { add(type, &value, sizeof value); }

  // Start an attribute that holds others; end() with what begin() gave.
  size_t begin(uint16_t type) {
    const size_t at = bytes_.size();
    rtattr attribute = {};
    attribute.rta_type = type;
    put_raw(&attribute, sizeof attribute);
    return at;
  }
  void end(size_t at) {
    const auto length = static_cast<uint16_t>(bytes_.size() - at);
    memcpy(&bytes_[at + offsetof(rtattr, rta_len)], &length, sizeof length);
  }

  // The whole message, numbered.
  const std::string& finish(uint32_t sequence) {
    const auto length = static_cast<uint32_t>(bytes_.size());
    memcpy(&bytes_[offsetof(nlmsghdr, nlmsg_len)], &length, sizeof length);
    memcpy(&bytes_[offsetof(nlmsghdr, nlmsg_seq)], &sequence, sizeof sequence);
    return bytes_;
  }

 private:
  void put_raw(const void* data, size_t size) {
    bytes_.append(static_cast<const char*>(data), size);
    bytes_.resize((bytes_.size() + 3) & ~size_t{3});
  }
  std::string bytes_;
};

}  // namespace berth
