// What a probe can try.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace berth::probe {

using Words = std::vector<std::string>;

// A path that this run makes things at and removes again; where a guest can write at all, it can write here.
const char* scratch();

// `ok`, or the name of the errno: what the last system call gave.
std::string outcome(long result);

long number(const std::string& word);

// Do what WORDS say (ACT ARGUMENT...) and say how it went. In a child: it may leave anything behind in it.
// Nothing that an act does changes the guest or the host when no wall refuses it.
std::string act(const Words& words);

// Whether there is such an act, with as many words as it needs.
bool is_act(const Words& words);

// Whether the process is as it was before the act that gave RESULT: another one can be tried in it.
bool leaves_no_trace(const Words& words, const std::string& result);

// A system call by one of the three entries of x86-64: `64`, `i386` (int 0x80) or `x32`. The call is a number
// or a name of call_numbers.h; arguments are numbers, `&` for a page of zeros or `=TEXT` for a text; both lie
// where 32 bits reach.
std::string make_call(const Words& words);

constexpr size_t kArguments = 6;

struct Argument {
  long value = 0;
  std::optional<std::string> text;  // a page that begins with it
};

struct Call {
  std::string entry;
  long number = -1;
  std::array<Argument, kArguments> arguments;
};

// What make_call would do. Empty, or why there is no such call.
std::string read_call(const Words& words, Call& call);

// Files and devices.
std::string read_path(const Words& words);
std::string open_device(const Words& words);
std::string open_for_writing(const Words& words);
std::string is_hidden(const Words& words);
std::string make_node(const Words& words);
std::string node_numbers(const Words& words);
std::string change_mode(const Words& words);
std::string file_system(const Words& words);

// Mounts, in a mount namespace of the act's own where the guest may make one.
std::string mount_there(const Words& words);
std::string unmount(const Words& words);
std::string make_writable(const Words& words);
std::string open_release_agent(const Words& words);
std::string leave_root(const Words& words);

// What the process is and sees, and what it can take.
std::string status_of(const Words& words);
std::string take_capability(const Words& words);
std::string descriptors(const Words& words);
std::string working_folder(const Words& words);
std::string processes_of_others(const Words& words);
std::string namespace_is(const Words& words);
std::string owner_of_keyring(const Words& words);
std::string connect_abstract(const Words& words);
std::string ask_own_terminal(const Words& words);
std::string ask_terminal(const Words& words);
std::string fork_many(const Words& words);
std::string fill_memory(const Words& words);

}  // namespace berth::probe
