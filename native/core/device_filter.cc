#include "device_filter.h"

#include <linux/bpf.h>
#include <sys/syscall.h>

#include <cstring>

#include "device_rules.h"
#include "fd.h"
#include "namespaces.h"

namespace berth {
namespace {

int bpf(int command, bpf_attr& attributes) {
  return static_cast<int>(syscall(SYS_bpf, command, &attributes, sizeof attributes));
}

Result<Fd> load_filter(const std::vector<std::string>& texts) {
  std::vector<DeviceRule> rules;
  for (const std::string& text : texts) {
    const auto rule = parse_device_rule(text);
    if (!rule) {
      return fail_with(EINVAL, "read a device rule such as `c 1:3 rwm`", text);
    }
    rules.push_back(*rule);
  }
  const std::vector<bpf_insn> program = device_program(rules);
  bpf_attr load;
  memset(&load, 0, sizeof load);
  load.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  load.insns = reinterpret_cast<uint64_t>(program.data());
  load.insn_cnt = static_cast<uint32_t>(program.size());
  load.license = reinterpret_cast<uint64_t>("Apache-2.0");
  Fd loaded(bpf(BPF_PROG_LOAD, load));
  if (!loaded.valid()) {
    return fail("load the device filter");
  }
  return loaded;
}

// `replaced`: the filter that goes, or -1.
Status attach_filter(int dir, int filter, int replaced) {
  bpf_attr attach;
  memset(&attach, 0, sizeof attach);
  attach.target_fd = static_cast<uint32_t>(dir);
  attach.attach_bpf_fd = static_cast<uint32_t>(filter);
  attach.attach_type = BPF_CGROUP_DEVICE;
  attach.attach_flags = BPF_F_ALLOW_MULTI;
  if (replaced >= 0) {
    attach.attach_flags |= BPF_F_REPLACE;
    attach.replace_bpf_fd = static_cast<uint32_t>(replaced);
  }
  if (bpf(BPF_PROG_ATTACH, attach) != 0) {
    return fail("attach the device filter");
  }
  return ok();
}

// The one that the group itself has.
Result<Fd> attached_filter(int dir) {
  uint32_t id = 0;
  bpf_attr query;
  memset(&query, 0, sizeof query);
  query.query.target_fd = static_cast<uint32_t>(dir);
  query.query.attach_type = BPF_CGROUP_DEVICE;
  query.query.prog_ids = reinterpret_cast<uint64_t>(&id);
  query.query.prog_cnt = 1;
  if (bpf(BPF_PROG_QUERY, query) != 0 || query.query.prog_cnt != 1) {
    return fail("find the device filter");
  }
  bpf_attr get;
  memset(&get, 0, sizeof get);
  get.prog_id = id;
  Fd filter(bpf(BPF_PROG_GET_FD_BY_ID, get));
  if (!filter.valid()) {
    return fail("find the device filter");
  }
  return filter;
}

}  // namespace

Status attach_device_filter(int dir, const std::vector<std::string>& rules) {
  auto filter = load_filter(rules);
  if (filter) {
    return attach_filter(dir, filter->get(), -1);
  }
  Error refused = filter.error();
  // Inside a guest its own filter stands, and its user namespace makes no nodes (mknod(2)).
  return refused.code == EPERM && is_nested() ? ok() : Status(std::move(refused));
}

Status replace_device_filter(int dir, const std::vector<std::string>& rules) {
  auto before = attached_filter(dir);
  if (!before) {
    return before.error();
  }
  auto filter = load_filter(rules);
  return filter ? attach_filter(dir, filter->get(), before->get()) : Status(filter.error());
}

}  // namespace berth
