#include "cgroup_folders.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "cgroup_files.h"

namespace berth::cgroup_folders {

using cgroup_files::read_at;
using cgroup_files::write_at;

bool has_word(const std::string& text, const std::string& word) {
  size_t at = text.find(word);
  while (at != std::string::npos) {
    const bool starts = at == 0 || text[at - 1] == ' ' || text[at - 1] == '\n';
    const size_t end = at + word.size();
    if (starts && (end == text.size() || text[end] == ' ' || text[end] == '\n')) {
      return true;
    }
    at = text.find(word, at + 1);
  }
  return false;
}

Status lend(int dir, const std::string& name) {
  Result<std::string> enabled = read_at(dir, "cgroup.subtree_control");
  if (!enabled) {
    return enabled.error();
  }
  return has_word(*enabled, name) ? ok() : write_at(dir, "cgroup.subtree_control", "+" + name);
}

namespace {

// What every guest needs of v2. cpuset and hugetlb are lent when a guest's limits need them: each makes every
// group dearer. The rest stays with the host.
constexpr const char* kSubtreeControllers[] = {"cpu", "io", "memory", "pids"};
// v2: let the children of DIR have the controllers that it has itself.
Status enable_controllers(int dir) {
  Result<std::string> available = read_at(dir, "cgroup.controllers");
  Result<std::string> enabled = read_at(dir, "cgroup.subtree_control");
  if (!available) {
    return available.error();
  }
  if (!enabled) {
    return enabled.error();
  }
  std::string wanted;
  for (const char* name : kSubtreeControllers) {
    if (has_word(*available, name) && !has_word(*enabled, name)) {
      wanted += wanted.empty() ? "+" : " +";
      wanted += name;
    }
  }
  return wanted.empty() ? ok() : write_at(dir, "cgroup.subtree_control", wanted);
}

// v1 cpuset: let new groups in DIR have its processors and memory nodes. Written later, each of the two costs
// the kernel a walk over all groups beside it.
Status pass_on_cpuset(int dir) {
  Result<std::string> now = read_at(dir, "cgroup.clone_children");
  return now && *now != "1\n" ? write_at(dir, "cgroup.clone_children", "1") : ok();
}

// v1 cpuset: a new group has neither (unless passed on), and nothing can join it (ENOSPC) before it has both.
Status inherit_cpuset(int parent, int dir) {
  for (const char* name : {"cpuset.cpus", "cpuset.mems"}) {
    Result<std::string> own = read_at(dir, name);
    if (!own) {
      return own.error();
    }
    if (own->empty() || *own == "\n") {
      Result<std::string> from = read_at(parent, name);
      if (!from) {
        return from.error();
      }
      BERTH_TRY(write_at(dir, name, *from));
    }
  }
  return ok();
}

// On v2 those above have to let it have its controllers.
bool lends_controllers(const Hierarchy& hierarchy) {
  return hierarchy.v2 &&
         std::any_of(std::begin(kSubtreeControllers), std::end(kSubtreeControllers), [&](const char* name) {
           return std::find(hierarchy.controllers.begin(), hierarchy.controllers.end(), name) !=
                  hierarchy.controllers.end();
         });
}

bool is_cpuset_v1(const Hierarchy& hierarchy) {
  for (const std::string& controller : hierarchy.controllers) {
    if (!hierarchy.v2 && controller == "cpuset") {
      return true;
    }
  }
  return false;
}

// Most often all groups above it are there. ENOENT: they are not.
Result<Fd> make_last(const Hierarchy& hierarchy, const std::string& path, bool& made) {
  const std::string whole = hierarchy.mount + "/" + path;
  if (mkdir(whole.c_str(), 0755) != 0) {
    if (errno != EEXIST) {
      return fail("make cgroup", whole);
    }
    made = false;
  }
  Fd dir(open(whole.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!dir.valid()) {
    return fail("open cgroup", whole);
  }
  if (is_cpuset_v1(hierarchy)) {
    const Fd parent(openat(dir.get(), "..", O_PATH | O_DIRECTORY | O_CLOEXEC));
    BERTH_TRY(inherit_cpuset(parent.get(), dir.get()));
  }
  return dir;
}

}  // namespace

Result<Fd> make(const Hierarchy& hierarchy, const std::string& path, bool& made) {
  if (!lends_controllers(hierarchy)) {
    auto last = make_last(hierarchy, path, made);
    if (last) {
      return last;
    }
    Error refused = last.error();
    if (refused.code != ENOENT) {
      return refused;
    }
  }
  Fd dir(open(hierarchy.mount.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!dir.valid()) {
    return fail("open cgroup hierarchy", hierarchy.mount);
  }
  const bool cpuset = is_cpuset_v1(hierarchy);
  size_t start = 0;
  while (start <= path.size()) {
    const size_t end = std::min(path.find('/', start), path.size());
    const std::string part = path.substr(start, end - start);
    const std::string whole = hierarchy.mount + "/" + path.substr(0, end);
    if (hierarchy.v2) {
      BERTH_TRY(enable_controllers(dir.get()));
    }
    if (mkdirat(dir.get(), part.c_str(), 0755) != 0) {
      if (errno != EEXIST) {
        return fail("make cgroup", whole);
      }
      made = made && end < path.size();
    }
    Fd child(openat(dir.get(), part.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (!child.valid()) {
      return fail("open cgroup", whole);
    }
    if (cpuset) {
      BERTH_TRY(inherit_cpuset(dir.get(), child.get()));
      if (end < path.size()) {
        BERTH_TRY(pass_on_cpuset(child.get()));
      }
    }
    dir = std::move(child);
    start = end + 1;
  }
  return dir;
}

}  // namespace berth::cgroup_folders
