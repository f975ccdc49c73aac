// Made by generate.mjs from wire.json: edit that, never this.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace berth::wire {

constexpr uint32_t kVersion = 1;
constexpr uint64_t kRingBytes = 1048576;
constexpr uint64_t kWindowBytes = 131072;
constexpr uint32_t kMaxFrameBytes = 1048576;
constexpr uint32_t kMaxOutputBytes = 65536;
constexpr uint32_t kMaxSpecBytes = 1048576;
constexpr uint32_t kMaxOrderBytes = 4194304;
constexpr uint32_t kIdCount = 65536;
constexpr int kSpecDescriptor = 3;
constexpr int kReportDescriptor = 4;
constexpr uint64_t kFromTail = UINT64_MAX;

enum class Tag : uint8_t {
  kHello = 'H',
  kInput = 'I',
  kResize = 'R',
  kAcknowledge = 'A',
  kStop = 'S',
  kQuery = 'Q',
  kMemory = 'M',
  kWelcome = 'W',
  kOutput = 'O',
  kExit = 'X',
  kError = 'E',
  kEvent = 'V',
};

enum class Role : uint8_t {
  kMonitor = 0,
  kTerminal = 1,
};

enum class ExitKind : uint8_t {
  kExited = 0,
  kSignalled = 1,
};

constexpr const char* kSpecFile = "spec";
constexpr const char* kStateFile = "state";
constexpr const char* kSocketFile = "holder.sock";
constexpr const char* kRingFile = "console.ring";
constexpr const char* kExitFile = "exit";

enum class SpecKey {
  kVersion,
  kId,
  kHostname,
  kKind,
  kRunDir,
  kImageRoot,
  kGuestDir,
  kArg,
  kEnv,
  kWorkdir,
  kIdBase,
  kCgroup,
  kSupervisorCgroup,
  kCpuMicros,
  kMemoryBytes,
  kSwapBytes,
  kPids,
  kCpuPeriodMicros,
  kCpuBurstMicros,
  kCpuWeight,
  kCpuset,
  kMemoryHighBytes,
  kMemoryLowBytes,
  kOutOfMemory,
  kIoWeight,
  kIoMax,
  kHugetlb,
  kNetworkReceiveBytes,
  kNetworkTransmitBytes,
  kNetworkPriority,
  kBridge,
  kLink,
  kMac,
  kIpv4,
  kIpv4Gateway,
  kIpv6,
  kIpv6Gateway,
  kResolvConf,
  kStopSignal,
  kStopTimeoutMs,
  kSeccomp,
  kCapabilities,
  kNoNewPrivs,
  kDevice,
  kBindDevice,
  kMask,
  kReadOnly,
  kProcOption,
  kNamespace,
  kIdMap,
  kNesting,
  kUser,
  kInit,
  kSysctl,
  kRlimit,
  kLabel,
  kMount,
  kGuestDevice,
  kLxcfs,
  kLearn,
  kHook,
};

struct SpecField {
  std::string_view name;
  SpecKey key;
  bool repeated;
  bool required;
};

constexpr std::array<SpecField, 61> kSpecFields = {{
    {"version", SpecKey::kVersion, false, true},
    {"id", SpecKey::kId, false, true},
    {"hostname", SpecKey::kHostname, false, true},
    {"kind", SpecKey::kKind, false, true},
    {"run_dir", SpecKey::kRunDir, false, true},
    {"image_root", SpecKey::kImageRoot, false, true},
    {"guest_dir", SpecKey::kGuestDir, false, true},
    {"arg", SpecKey::kArg, true, true},
    {"env", SpecKey::kEnv, true, false},
    {"workdir", SpecKey::kWorkdir, false, false},
    {"id_base", SpecKey::kIdBase, false, true},
    {"cgroup", SpecKey::kCgroup, false, true},
    {"supervisor_cgroup", SpecKey::kSupervisorCgroup, false, true},
    {"cpu_micros", SpecKey::kCpuMicros, false, false},
    {"memory_bytes", SpecKey::kMemoryBytes, false, false},
    {"swap_bytes", SpecKey::kSwapBytes, false, false},
    {"pids", SpecKey::kPids, false, false},
    {"cpu_period_micros", SpecKey::kCpuPeriodMicros, false, false},
    {"cpu_burst_micros", SpecKey::kCpuBurstMicros, false, false},
    {"cpu_weight", SpecKey::kCpuWeight, false, false},
    {"cpuset", SpecKey::kCpuset, false, false},
    {"memory_high_bytes", SpecKey::kMemoryHighBytes, false, false},
    {"memory_low_bytes", SpecKey::kMemoryLowBytes, false, false},
    {"out_of_memory", SpecKey::kOutOfMemory, false, false},
    {"io_weight", SpecKey::kIoWeight, false, false},
    {"io_max", SpecKey::kIoMax, true, false},
    {"hugetlb", SpecKey::kHugetlb, true, false},
    {"network_receive_bytes", SpecKey::kNetworkReceiveBytes, false, false},
    {"network_transmit_bytes", SpecKey::kNetworkTransmitBytes, false, false},
    {"network_priority", SpecKey::kNetworkPriority, false, false},
    {"bridge", SpecKey::kBridge, false, false},
    {"link", SpecKey::kLink, false, false},
    {"mac", SpecKey::kMac, false, false},
    {"ipv4", SpecKey::kIpv4, false, false},
    {"ipv4_gateway", SpecKey::kIpv4Gateway, false, false},
    {"ipv6", SpecKey::kIpv6, false, false},
    {"ipv6_gateway", SpecKey::kIpv6Gateway, false, false},
    {"resolv_conf", SpecKey::kResolvConf, false, false},
    {"stop_signal", SpecKey::kStopSignal, false, true},
    {"stop_timeout_ms", SpecKey::kStopTimeoutMs, false, true},
    {"seccomp", SpecKey::kSeccomp, false, true},
    {"capabilities", SpecKey::kCapabilities, false, true},
    {"no_new_privs", SpecKey::kNoNewPrivs, false, true},
    {"device", SpecKey::kDevice, true, false},
    {"bind_device", SpecKey::kBindDevice, true, false},
    {"mask", SpecKey::kMask, true, false},
    {"read_only", SpecKey::kReadOnly, true, false},
    {"proc_option", SpecKey::kProcOption, true, false},
    {"namespace", SpecKey::kNamespace, true, false},
    {"id_map", SpecKey::kIdMap, true, false},
    {"nesting", SpecKey::kNesting, false, false},
    {"user", SpecKey::kUser, false, false},
    {"init", SpecKey::kInit, false, false},
    {"sysctl", SpecKey::kSysctl, true, false},
    {"rlimit", SpecKey::kRlimit, true, false},
    {"label", SpecKey::kLabel, false, false},
    {"mount", SpecKey::kMount, true, false},
    {"guest_device", SpecKey::kGuestDevice, true, false},
    {"lxcfs", SpecKey::kLxcfs, false, false},
    {"learn", SpecKey::kLearn, false, false},
    {"hook", SpecKey::kHook, true, false},
}};

}  // namespace berth::wire
