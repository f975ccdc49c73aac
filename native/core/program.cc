#include "program.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <climits>

namespace berth {
namespace {

constexpr const char* kDefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const auto& text : texts) {
    out.push_back(const_cast<char*>(text.c_str()));
  }
  out.push_back(nullptr);
  return out;
}

}  // namespace

std::string environment_of(const std::vector<std::string>& env, const std::string& name,
                           const std::string& otherwise) {
  for (const auto& entry : env) {
    if (entry.size() > name.size() && entry[name.size()] == '=' && entry.compare(0, name.size(), name) == 0) {
      return entry.substr(name.size() + 1);
    }
  }
  return otherwise;
}

Status enter_workdir(const std::string& workdir) {
  if (chdir(workdir.c_str()) != 0) {
    return fail("chdir", workdir);
  }
  // The kernel writes "(unreachable)" before a directory outside the root.
  std::array<char, PATH_MAX> now;
  if (getcwd(now.data(), now.size()) == nullptr || now[0] != '/') {
    return fail_with(EXDEV, "chdir", workdir);
  }
  return ok();
}

Error run_program(const std::vector<std::string>& args, const std::vector<std::string>& env,
                  const std::string& file) {
  const auto argv = pointers(args);
  const auto envp = pointers(env);
  const std::string& name = file.empty() ? args[0] : file;
  if (name.find('/') != std::string::npos) {
    execve(name.c_str(), argv.data(), envp.data());
    return fail("exec", name);
  }
  int code = ENOENT;
  const std::string path = environment_of(env, "PATH", kDefaultPath) + ":";
  for (size_t start = 0, end = 0; (end = path.find(':', start)) != std::string::npos; start = end + 1) {
    if (end == start) {
      continue;
    }
    execve((path.substr(start, end - start) + "/" + name).c_str(), argv.data(), envp.data());
    if (errno != ENOENT && errno != ENOTDIR) {
      code = errno;
    }
  }
  return fail_with(code, "exec", name);
}

Error run_descriptor(int file, const std::vector<std::string>& args, const std::vector<std::string>& env) {
  const auto argv = pointers(args);
  const auto envp = pointers(env);
  syscall(SYS_execveat, file, "", argv.data(), envp.data(), AT_EMPTY_PATH);
  return fail("exec", args[0]);
}

}  // namespace berth
