// Building rtnetlink(7) messages: a header, then nested attributes, in one buffer.
#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>

namespace berth {

// What an answer holds, never past its end whatever lengths it claims: RTA_NEXT and NLMSG_NEXT wrap round
// where the last part is not padded.
class Attributes {
 public:
  Attributes(const void* start, size_t size) : at_(static_cast<const char*>(start)), left_(size) {}
  // Of a message, behind its fixed part of `fixed` bytes; none where it is too short for that.
  static Attributes of(const nlmsghdr& header, size_t fixed) {
    const size_t skipped = NLMSG_HDRLEN + NLMSG_ALIGN(fixed);
    const size_t size = header.nlmsg_len;
    return {reinterpret_cast<const char*>(&header) + (size < skipped ? 0 : skipped),
            size < skipped ? 0 : size - skipped};
  }
  static Attributes in(const rtattr& attribute) {
    return {RTA_DATA(&attribute), attribute.rta_len - RTA_LENGTH(0)};
  }
  // The next whole one, or nullptr.
  const rtattr* next() {
    if (left_ < sizeof(rtattr)) {
      return nullptr;
    }
    const auto* attribute = reinterpret_cast<const rtattr*>(at_);
    if (attribute->rta_len < RTA_LENGTH(0) || attribute->rta_len > left_) {
      return nullptr;
    }
    const size_t step = std::min<size_t>(RTA_ALIGN(attribute->rta_len), left_);
    at_ += step;
    left_ -= step;
    return attribute;
  }

 private:
  const char* at_;
  size_t left_;
};

// The fixed part of a message, zeros where it is shorter.
template <typename T>
T fixed_part(const nlmsghdr& header) {
  T value = {};
  const size_t size = header.nlmsg_len < NLMSG_HDRLEN ? 0 : header.nlmsg_len - NLMSG_HDRLEN;
  memcpy(&value, NLMSG_DATA(&header), std::min(sizeof value, size));
  return value;
}

// The value of an attribute, zeros where it is shorter.
template <typename T>
T value_of(const rtattr& attribute) {
  T value = {};
  memcpy(&value, RTA_DATA(&attribute), std::min<size_t>(sizeof value, RTA_PAYLOAD(&attribute)));
  return value;
}

inline std::string text_of(const rtattr& attribute) {
  const auto* text = static_cast<const char*>(RTA_DATA(&attribute));
  return {text, strnlen(text, RTA_PAYLOAD(&attribute))};
}

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
