// Which hierarchies the host mounts: /proc/self/mountinfo (proc_pid_mountinfo(5)) and the v2 root.
#include <fcntl.h>

#include <algorithm>

#include "cgroup.h"
#include "cgroup_files.h"

namespace berth {
namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  size_t start = 0;
  while (start <= text.size()) {
    const size_t end = std::min(text.find(separator, start), text.size());
    if (end > start) {
      parts.push_back(text.substr(start, end - start));
    }
    start = end + 1;
  }
  return parts;
}

// Mount points in mountinfo have space, tab, newline and backslash as \ooo.
std::string unescape(const std::string& text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

bool is_v1_option(const std::string& option) {
  static const char* const kNotControllers[] = {"rw",     "ro",    "xattr", "noprefix", "clone_children",
                                                "nosuid", "nodev", "noexec"};
  if (option.rfind("name=", 0) == 0) {
    return option == "name=systemd";
  }
  return option.find('=') == std::string::npos &&
         std::find(std::begin(kNotControllers), std::end(kNotControllers), option) ==
             std::end(kNotControllers);
}

// One line of mountinfo. True when it is a hierarchy whose root is mounted (not a group of it, bound
// elsewhere).
bool parse_mount(const std::string& line, Hierarchy& hierarchy) {
  const std::vector<std::string> fields = split(line, ' ');
  const auto dash = std::find(fields.begin(), fields.end(), "-");
  if (fields.end() - dash < 4 || fields.size() < 6 || fields[3] != "/") {
    return false;
  }
  const std::string& type = dash[1];
  hierarchy.mount = unescape(fields[4]);
  if (type == "cgroup2") {
    hierarchy.v2 = true;
    return true;
  }
  if (type != "cgroup") {
    return false;
  }
  for (const std::string& option : split(dash[3], ',')) {
    if (is_v1_option(option)) {
      hierarchy.controllers.push_back(option);
    }
  }
  return !hierarchy.controllers.empty();
}

std::string without_newline(std::string text) {
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return text;
}

}  // namespace

Result<CgroupLayout> CgroupLayout::probe(const std::string& root) {
  const std::string path = root + "/proc/self/mountinfo";
  Result<std::string> mounts = cgroup_files::read_at(AT_FDCWD, path);
  if (!mounts) {
    return mounts.error().in("find the cgroup hierarchies");
  }
  CgroupLayout layout;
  for (const std::string& line : split(*mounts, '\n')) {
    Hierarchy hierarchy;
    if (!parse_mount(line, hierarchy)) {
      continue;
    }
    hierarchy.mount = root + hierarchy.mount;
    const auto same = [&](const Hierarchy& known) {
      return known.v2 == hierarchy.v2 && (known.v2 || known.controllers == hierarchy.controllers);
    };
    if (std::any_of(layout.hierarchies_.begin(), layout.hierarchies_.end(), same)) {
      continue;
    }
    if (hierarchy.v2) {
      Result<std::string> names = cgroup_files::read_at(AT_FDCWD, hierarchy.mount + "/cgroup.controllers");
      if (!names) {
        return names.error().in("find the cgroup hierarchies");
      }
      hierarchy.controllers = split(without_newline(*names), ' ');
    }
    layout.hierarchies_.push_back(std::move(hierarchy));
  }
  if (layout.hierarchies_.empty()) {
    return fail_with(ENOENT, "find the cgroup hierarchies: none is mounted", path);
  }
  return layout;
}

const Hierarchy* CgroupLayout::of(const std::string& controller) const {
  for (const Hierarchy& hierarchy : hierarchies_) {
    const auto& names = hierarchy.controllers;
    if (std::find(names.begin(), names.end(), controller) != names.end()) {
      return &hierarchy;
    }
  }
  return nullptr;
}

std::string CgroupLayout::name_of(const std::string& controller) const {
  return controller == "io" && of("io") == nullptr ? "blkio" : controller;
}

const Hierarchy* CgroupLayout::v2() const {
  for (const Hierarchy& hierarchy : hierarchies_) {
    if (hierarchy.v2) {
      return &hierarchy;
    }
  }
  return nullptr;
}

bool CgroupLayout::pure_v2() const {
  return hierarchies_.size() == 1 && hierarchies_[0].v2;
}

}  // namespace berth
