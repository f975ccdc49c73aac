// One rtnetlink request under construction, on the stack: header, body, then attributes that may nest
// (netlink(7)).
#pragma once

#include <linux/rtnetlink.h>

#include <cstdint>
#include <cstring>
#include <string>

namespace berth {

class NetlinkMessage {
 public:
  NetlinkMessage(uint16_t type, uint16_t flags) {
    header()->nlmsg_len = NLMSG_LENGTH(0);
    header()->nlmsg_type = type;
    header()->nlmsg_flags = static_cast<uint16_t>(flags | NLM_F_REQUEST | NLM_F_ACK);
  }

  nlmsghdr* header() { return reinterpret_cast<nlmsghdr*>(buffer_); }
  const nlmsghdr* header() const { return reinterpret_cast<const nlmsghdr*>(buffer_); }

  // Append a fixed structure (the family's body) and return it, zeroed.
  template <typename Body>
  Body* append() {
    return static_cast<Body*>(grow(sizeof(Body)));
  }

  void put(uint16_t type, const void* data, size_t size) {
    auto* attribute = static_cast<rtattr*>(grow(RTA_LENGTH(size)));
    attribute->rta_type = type;
    attribute->rta_len = static_cast<uint16_t>(RTA_LENGTH(size));
    if (size > 0) {
      std::memcpy(RTA_DATA(attribute), data, size);
    }
  }
  void put_u32(uint16_t type, uint32_t value) { put(type, &value, sizeof(value)); }
  void put_u8(uint16_t type, uint8_t value) { put(type, &value, sizeof(value)); }
  void put_text(uint16_t type, const std::string& text) { put(type, text.c_str(), text.size() + 1); }

  // Attributes put between begin and end lie inside this one.
  size_t begin(uint16_t type) {
    const size_t at = NLMSG_ALIGN(header()->nlmsg_len);
    put(type, nullptr, 0);
    return at;
  }
  void end(size_t at) {
    auto* attribute = reinterpret_cast<rtattr*>(buffer_ + at);
    attribute->rta_len = static_cast<uint16_t>(header()->nlmsg_len - at);
  }

 private:
  // Requests here are short and of known shape: 1 KiB holds the longest (a veth pair) four times.
  void* grow(size_t size) {
    const size_t at = NLMSG_ALIGN(header()->nlmsg_len);
    if (at + NLMSG_ALIGN(size) > sizeof(buffer_)) {
      __builtin_trap();
    }
    header()->nlmsg_len = static_cast<uint32_t>(at + size);
    return buffer_ + at;
  }

  alignas(nlmsghdr) char buffer_[1024] = {};
};

}  // namespace berth
