// A race: while one of the library's verbs works on a path below a guest's root, another process exchanges
// what is on that path (renameat2(2), RENAME_EXCHANGE) for links that lead out, without a pause.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace berth::races {

struct Race {
  // Pairs of paths that trade places, each pair by a process of its own.
  std::vector<std::pair<std::string, std::string>> swaps;
  // One round of the verb: whether it did its work. What a guest is in the way of it may refuse.
  std::function<bool()> round;
  // The same work as one would do it by path: look whether it is a link, then use the name. The control.
  std::function<bool()> naive;
  // Whether something outside was touched or read in the last round; it mends what was, for the next one.
  std::function<bool()> escaped;
};

// Where a race is held: a tmpfs of this process's own mount namespace, with the guest's root and what it must
// not reach.
struct Ground {
  std::string root, outside;
};

Race race_target(const Ground& ground);
Race race_file_target(const Ground& ground);
Race race_unmount(const Ground& ground);
Race race_source(const Ground& ground);
Race race_lxcfs(const Ground& ground);
Race race_identity(const Ground& ground);
Race race_account(const Ground& ground);
Race race_workdir(const Ground& ground);
Race race_removal(const Ground& ground);
Race race_masks(const Ground& ground);
Race race_read_only(const Ground& ground);
Race race_device(const Ground& ground);
Race race_stray_mount(const Ground& ground);
Race race_learned(const Ground& ground);

// For the preparations: ends the program with the errno when it did not succeed.
void must(bool done, const std::string& what);
void put_file(const std::string& path, const std::string& text);
// 0: there is none.
ino_t inode_of(const std::string& path);
bool is_mounted(const std::string& path);
// Whether something came to be mounted there; it is taken off: the uppermost, or all.
bool take_off_one(const std::string& path);
bool take_off(const std::string& path);
// Whether the control's look finds no link there.
bool looks_plain(const std::string& path);

}  // namespace berth::races
