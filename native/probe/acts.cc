#include "acts.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace berth::probe {
namespace {

struct Act {
  const char* name;
  size_t words;  // with its own name, at least
  std::string (*run)(const Words&);
  bool traceless = false;  // unless its answer is `ok`
};

constexpr Act kActs[] = {
    {"call", 3, make_call, true},
    // PATH: `ok` when there is something in it, `empty`, or why it cannot be read
    {"read", 2, read_path, true},
    // PATH: `none` when no device is there
    {"device", 2, open_device, true},
    // PATH of a file of the kernel: opened only, nothing is written
    {"open-for-writing", 2, open_for_writing, true},
    // PATH: `hidden` when something that shows nothing is mounted over it, `bare` when it shows nothing
    // itself
    {"is-hidden", 2, is_hidden, true},
    // b|c MAJOR MINOR
    {"mknod", 4, make_node, true},
    // PATH: `c 1:3`, with * for the minors of terminals
    {"node", 2, node_numbers, true},
    // PATH: to the mode that it has
    {"chmod", 2, change_mode, true},
    // PATH: the magic of its file system, in hex
    {"file-system", 2, file_system, true},
    // TYPE [FLAGS]
    {"mount", 2, mount_there},
    // PATH
    {"unmount", 2, unmount},
    // PATH: remount
    {"make-writable", 2, make_writable},
    // FLAGS: of namespaces to make first
    {"release-agent", 2, open_release_agent},
    {"leave-root", 1, leave_root},
    // KEY
    {"status", 2, status_of, true},
    // NUMBER
    {"capability", 2, take_capability, true},
    // MOST
    {"descriptors", 2, descriptors},
    {"working-folder", 1, working_folder},
    // UID: whether a user without powers sees what others run
    {"processes", 2, processes_of_others},
    // TYPE INODE: `shared` when it is that one, else `own`
    {"namespace", 3, namespace_is, true},
    // whose the session keyring is: `own` or `of others`
    {"keyring", 1, owner_of_keyring},
    // NAME: an abstract unix socket, which only a network namespace of its own keeps apart
    {"connect", 2, connect_abstract},
    // REQUEST: of a terminal that it made and has for its controlling one
    {"own-terminal", 2, ask_own_terminal},
    // PATH REQUEST
    {"terminal", 3, ask_terminal},
    // COUNT
    {"forks", 2, fork_many},
    // BYTES
    {"memory", 2, fill_memory},
};

const Act* find_act(const Words& words) {
  const auto* found = std::find_if(std::begin(kActs), std::end(kActs),
                                   [&](const Act& one) { return !words.empty() && words[0] == one.name; });
  return found == std::end(kActs) ? nullptr : found;
}

}  // namespace

std::string outcome(long result) {
  if (result >= 0) {
    return "ok";
  }
  const char* name = strerrorname_np(errno);
  return name != nullptr ? name : std::to_string(errno);
}

long number(const std::string& word) {
  return strtol(word.c_str(), nullptr, 0);
}

std::string act(const Words& words) {
  const Act* one = find_act(words);
  if (one == nullptr) {
    return "no such act";
  }
  return words.size() < one->words ? "too few words" : one->run(words);
}

bool is_act(const Words& words) {
  const Act* one = find_act(words);
  return one != nullptr && words.size() >= one->words;
}

bool leaves_no_trace(const Words& words, const std::string& result) {
  const Act* one = find_act(words);
  return one != nullptr && one->traceless && result != "ok";
}

}  // namespace berth::probe
