// Values of the spec that are made of words.
#include <algorithm>
#include <array>
#include <charconv>

#include "report.h"
#include "spec_values.h"
#include "sys.h"

namespace berth {
namespace {

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out;
  size_t at = 0;
  while (at <= text.size()) {
    const size_t end = std::min(text.find(' ', at), text.size());
    out.push_back(plain_word(text.substr(at, end - at)));
    at = end + 1;
  }
  return out;
}

bool whole(const std::string& text, uint32_t& out, int base = 10) {
  const char* end = text.data() + text.size();
  const auto [next, code] = std::from_chars(text.data(), end, out, base);
  return !text.empty() && code == std::errc() && next == end;
}

bool is_path(const std::string& text) {
  return text.size() > 1 && text[0] == '/';
}

template <size_t N>
bool one_of(const std::string& text, const std::array<const char*, N>& all) {
  return std::any_of(all.begin(), all.end(), [&](const char* one) { return text == one; });
}

bool set_mount_option(BindMount& out, const std::string& option) {
  if (option == "ro" || option == "rw") {
    out.read_only = option == "ro";
  } else if (option == "idmap") {
    out.idmap = true;
  } else if (option == "recursive") {
    out.recursive = true;
  } else if (option == "nosuid") {
    out.nosuid = true;
  } else if (option == "nodev") {
    out.nodev = true;
  } else if (option == "noexec") {
    out.noexec = true;
  } else {
    constexpr std::array kPropagations = {"private", "slave", "shared", "rprivate", "rslave", "rshared"};
    out.propagation = option;
    return one_of(option, kPropagations);
  }
  return true;
}

bool rlimit_value(const std::string& text, uint64_t& out) {
  if (text == "unlimited") {
    out = UINT64_MAX;
    return true;
  }
  const auto value = parse_number(text);
  out = value.value_or(0);
  return value.has_value();
}

std::string rlimit_text(uint64_t value) {
  return value == UINT64_MAX ? "unlimited" : to_text(static_cast<int64_t>(value));
}

}  // namespace

bool parse_namespace(const std::string& text, SharedNamespace& out) {
  constexpr std::array kNames = {"user", "network", "ipc", "uts", "pid", "cgroup", "time"};
  const size_t equals = text.find('=');
  if (equals == std::string::npos) {
    return false;
  }
  out.name = text.substr(0, equals);
  out.owner = text.substr(equals + 1);
  return one_of(out.name, kNames) && (out.owner == "host" || is_path(out.owner));
}

std::string to_text(const SharedNamespace& shared) {
  return shared.name + "=" + shared.owner;
}

bool parse_id_map(const std::string& text, IdMap& out) {
  const auto words = words_of(text);
  return words.size() == 3 && whole(words[0], out.inside) && whole(words[1], out.outside) &&
         whole(words[2], out.count) && out.count > 0 && out.inside <= UINT32_MAX - out.count &&
         out.outside <= UINT32_MAX - out.count;
}

std::string to_text(const IdMap& map) {
  return to_text(map.inside) + " " + to_text(map.outside) + " " + to_text(map.count);
}

std::vector<IdMap> parse_id_maps(const std::string& text) {
  std::vector<IdMap> maps;
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto number = [&](uint32_t& out) {
    while (at < end && (*at == ' ' || *at == '\n')) {
      ++at;
    }
    const auto [next, code] = std::from_chars(at, end, out);
    at = next;
    return code == std::errc();
  };
  IdMap map;
  while (number(map.inside) && number(map.outside) && number(map.count)) {
    maps.push_back(map);
  }
  return maps;
}

bool parse_mount(const std::string& text, BindMount& out) {
  const auto words = words_of(text);
  if (words.size() != 3) {
    return false;
  }
  size_t at = 0;
  while (at <= words[0].size()) {
    const size_t end = std::min(words[0].find(',', at), words[0].size());
    if (!set_mount_option(out, words[0].substr(at, end - at))) {
      return false;
    }
    at = end + 1;
  }
  out.source = words[1];
  out.target = words[2];
  return is_path(out.source) && is_path(out.target);
}

std::string to_text(const BindMount& mount) {
  std::string options = mount.read_only ? "ro" : "rw";
  const auto add = [&options](bool wanted, const std::string& name) {
    if (wanted) {
      options += "," + name;
    }
  };
  add(mount.idmap, "idmap");
  add(mount.recursive, "recursive");
  add(mount.nosuid, "nosuid");
  add(mount.nodev, "nodev");
  add(mount.noexec, "noexec");
  add(mount.propagation != "private", mount.propagation);
  return options + " " + report_word(mount.source) + " " + report_word(mount.target);
}

// TYPE MAJOR:MINOR ACCESS SOURCE TARGET MODE(octal) UID GID
bool parse_guest_device(const std::string& text, GuestDevice& out) {
  const auto words = words_of(text);
  if (words.size() != 8) {
    return false;
  }
  out.rule = words[0] + " " + words[1] + " " + words[2];
  out.source = words[3];
  out.target = words[4];
  return (words[0] == "c" || words[0] == "b") && is_path(out.source) && is_path(out.target) &&
         whole(words[5], out.mode, 8) && out.mode <= 0777 && whole(words[6], out.uid) &&
         whole(words[7], out.gid);
}

std::string to_text(const GuestDevice& device) {
  std::array<char, 12> mode;
  const std::string octal(mode.data(),
                          std::to_chars(mode.data(), mode.data() + mode.size(), device.mode, 8).ptr);
  return device.rule + " " + report_word(device.source) + " " + report_word(device.target) + " " + octal +
         " " + to_text(device.uid) + " " + to_text(device.gid);
}

// NAME=SOFT:HARD
bool parse_rlimit(const std::string& text, Rlimit& out) {
  const size_t equals = text.find('=');
  const size_t colon = text.find(':');
  if (equals == 0 || equals == std::string::npos || colon == std::string::npos || colon < equals) {
    return false;
  }
  out.name = text.substr(0, equals);
  return rlimit_value(text.substr(equals + 1, colon - equals - 1), out.soft) &&
         rlimit_value(text.substr(colon + 1), out.hard) && out.soft <= out.hard;
}

std::string to_text(const Rlimit& limit) {
  return limit.name + "=" + rlimit_text(limit.soft) + ":" + rlimit_text(limit.hard);
}

// STAGE TIMEOUT_MS PATH ARGC ARG… ENV…
bool parse_hook(const std::string& text, Hook& out) {
  constexpr std::array kStages = {"createRuntime", "createContainer", "startContainer", "poststart",
                                  "poststop"};
  const auto words = words_of(text);
  uint32_t count = 0;
  if (words.size() < 4 || !one_of(words[0], kStages) || !whole(words[1], out.timeout_ms) ||
      !is_path(words[2]) || !whole(words[3], count) || count > words.size() - 4) {
    return false;
  }
  out.stage = words[0];
  out.path = words[2];
  out.args.assign(words.begin() + 4, words.begin() + 4 + count);
  out.env.assign(words.begin() + 4 + count, words.end());
  return true;
}

std::string to_text(const Hook& hook) {
  std::string out = hook.stage + " " + to_text(hook.timeout_ms) + " " + report_word(hook.path) + " " +
                    to_text(static_cast<int64_t>(hook.args.size()));
  for (const auto* list : {&hook.args, &hook.env}) {
    for (const auto& word : *list) {
      out += " " + report_word(word);
    }
  }
  return out;
}

}  // namespace berth
