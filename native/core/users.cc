#include "users.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "sys.h"

namespace berth {
namespace {

constexpr size_t kMaxFile = 1 << 20;
constexpr size_t kMaxGroups = 256;
constexpr uint64_t kMaxId = UINT32_MAX - 1;  // which of them a guest has is its map's to say

Result<std::string> read_regular(const std::string& path) {
  const Fd fd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  struct stat facts = {};
  if (!fd.valid() || fstat(fd.get(), &facts) != 0) {
    return fail("open", path);
  }
  if (!S_ISREG(facts.st_mode)) {
    return fail_with(EINVAL, "read", path);
  }
  auto text = read_all(fd.get(), kMaxFile);
  return text ? text : Result<std::string>(fail_with(text.error().code, "read", path));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  for (;;) {
    const size_t end = text.find(separator);
    out.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      return out;
    }
    text.remove_prefix(end + 1);
  }
}

std::optional<uint32_t> id_of(std::string_view text) {
  const auto value = parse_number(text);
  return value && *value <= kMaxId ? std::optional<uint32_t>(static_cast<uint32_t>(*value)) : std::nullopt;
}

bool apply_passwd(const std::string& text, const std::string& wanted, Account& account) {
  const auto number = id_of(wanted);
  for (const auto& line : split(text, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() < 7 || (fields[0] != wanted && (!number || id_of(fields[2]) != number))) {
      continue;
    }
    const auto uid = id_of(fields[2]);
    const auto gid = id_of(fields[3]);
    if (!uid || !gid) {
      continue;
    }
    account.user.uid = *uid;
    account.user.gid = *gid;
    account.name = fields[0];
    account.home = fields[5].empty() || fields[5][0] != '/' ? "/" : fields[5];
    account.shell = fields[6];
    return true;
  }
  return false;
}

void apply_groups(const std::string& text, Account& account) {
  for (const auto& line : split(text, '\n')) {
    const auto fields = split(line, ':');
    const auto gid = fields.size() < 4 ? std::nullopt : id_of(fields[2]);
    if (!gid || account.user.groups.size() >= kMaxGroups) {
      continue;
    }
    const auto members = split(fields[3], ',');
    if (std::find(members.begin(), members.end(), account.name) != members.end()) {
      account.user.groups.push_back(*gid);
    }
  }
}

std::optional<uint32_t> group_named(const std::string& text, const std::string& wanted) {
  for (const auto& line : split(text, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() >= 3 && fields[0] == wanted) {
      return id_of(fields[2]);
    }
  }
  return id_of(wanted);
}

}  // namespace

Result<Account> find_account(const std::string& wanted, const std::string& root) {
  const size_t colon = wanted.find(':');
  const std::string name = wanted.substr(0, colon);
  Account account;
  auto passwd = read_regular(root + "/etc/passwd");
  auto group = read_regular(root + "/etc/group");
  if (!passwd || !apply_passwd(*passwd, name, account)) {
    const auto number = name == "root" ? std::optional<uint32_t>(0) : id_of(name);
    if (!number) {
      return fail_with(ENOENT, "find the user", name);
    }
    account.user.uid = *number;
    account.user.gid = *number;
    account.name = name;
    account.home = *number == 0 ? "/root" : "/";
  }
  if (colon != std::string::npos) {
    const std::string group_name = wanted.substr(colon + 1);
    const auto gid = group_named(group ? *group : std::string(), group_name);
    if (!gid) {
      return fail_with(ENOENT, "find the group", group_name);
    }
    account.user.gid = *gid;
    return account;
  }
  if (group) {
    apply_groups(*group, account);
  }
  return account;
}

}  // namespace berth
