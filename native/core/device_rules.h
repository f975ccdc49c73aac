// Rules of a device whitelist, and the BPF program that is made of them
// (Documentation/admin-guide/cgroup-v2.rst, Device controller).
#pragma once

#include <linux/bpf.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace berth {

struct DeviceRule {
  int type = 0;                    // BPF_DEVCG_DEV_*, 0: both
  int32_t major = -1, minor = -1;  // -1: any
  int access = 0;                  // BPF_DEVCG_ACC_*
};

// "c 1:3 rwm", "c 136:* rw", "b *:* m", "a *:* rwm"; nothing when it is no such rule.
std::optional<DeviceRule> parse_device_rule(const std::string& text);

// Answers 1 where one of the rules gives all that is asked for, else 0.
std::vector<bpf_insn> device_program(const std::vector<DeviceRule>& rules);

}  // namespace berth
