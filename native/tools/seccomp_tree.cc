#include "seccomp_tree.h"

#include <linux/seccomp.h>

#include <cstddef>
#include <cstring>
#include <map>
#include <set>

namespace berth::seccomp {
namespace {

using Program = std::vector<sock_filter>;

constexpr size_t kFarthest = 255;  // of a jump that tests

// A place in the program, and what the accumulator holds there when the call's number decides it.
struct State {
  size_t at = 0;
  bool known = false;
  uint32_t value = 0;
};

bool hits(const sock_filter& test, uint32_t value) {
  switch (BPF_OP(test.code)) {
    case BPF_JEQ:
      return value == test.k;
    case BPF_JGT:
      return value > test.k;
    default:
      return value >= test.k;
  }
}

// What is left of a program when the call's number is known: all about its arguments.
class Rest {
 public:
  // `bounds` gets the numbers from which on the program may go another way.
  Rest(const Program& all, uint32_t abi, uint32_t number, std::set<uint32_t>& bounds)
      : all_(all), abi_(abi), number_(number), bounds_(bounds) {}

  // Empty: the program does what this cannot follow.
  Program make() {
    find(settle({}).at);
    if (odd_) {
      return {};
    }
    std::map<size_t, size_t> starts;
    size_t end = 0;
    for (auto place = places_.begin(); place != places_.end(); ++place) {
      starts[*place] = end;
      end += needs_jump(place) ? 2 : 1;
    }
    Program made;
    for (auto place = places_.begin(); place != places_.end(); ++place) {
      append(made, starts, place);
    }
    return odd_ ? Program() : made;
  }

 private:
  using Place = std::set<size_t>::const_iterator;

  // On to what answers, or what an argument decides.
  State settle(State state) {
    while (state.at < all_.size()) {
      const sock_filter& one = all_[state.at];
      const auto op = BPF_OP(one.code);
      if (one.code == (BPF_RET | BPF_K)) {
        return {state.at};
      }
      if (one.code == (BPF_LD | BPF_W | BPF_ABS)) {
        if (one.k != offsetof(seccomp_data, nr) && one.k != offsetof(seccomp_data, arch)) {
          return {state.at};
        }
        state = {state.at + 1, true, one.k == offsetof(seccomp_data, nr) ? number_ : abi_};
      } else if (one.code == (BPF_JMP | BPF_JA)) {
        state.at += 1 + one.k;
      } else if (BPF_CLASS(one.code) == BPF_JMP && BPF_SRC(one.code) == BPF_K) {
        if (!state.known) {
          return state;
        }
        if (op != BPF_JEQ && op != BPF_JGT && op != BPF_JGE) {
          break;
        }
        bounds_.insert({one.k, one.k + 1});  // after the greatest there is: 0 again
        state.at += 1UL + (hits(one, state.value) ? one.jt : one.jf);
      } else if (BPF_CLASS(one.code) == BPF_ALU && BPF_SRC(one.code) == BPF_K && !state.known) {
        return state;
      } else {
        break;
      }
    }
    odd_ = true;
    return state;
  }

  size_t after(size_t at, size_t skipped) { return settle({at + 1 + skipped}).at; }

  void find(size_t first) {
    std::vector<size_t> waiting = {first};
    while (!waiting.empty() && !odd_) {
      const size_t at = waiting.back();
      waiting.pop_back();
      if (!places_.insert(at).second) {
        continue;
      }
      const sock_filter& one = all_[at];
      if (BPF_CLASS(one.code) == BPF_JMP) {
        waiting.push_back(after(at, one.jt));
        waiting.push_back(after(at, one.jf));
      } else if (BPF_CLASS(one.code) != BPF_RET) {
        waiting.push_back(after(at, 0));
      }
    }
  }

  // What follows it is somewhere else.
  bool needs_jump(Place place) {
    const auto kind = BPF_CLASS(all_[*place].code);
    if (kind == BPF_JMP || kind == BPF_RET) {
      return false;
    }
    const auto next = std::next(place);
    return next == places_.end() || *next != after(*place, 0);
  }

  void append(Program& made, const std::map<size_t, size_t>& starts, Place place) {
    sock_filter one = all_[*place];
    const auto far = [&](size_t target) { return starts.at(target) - made.size() - 1; };
    if (BPF_CLASS(one.code) == BPF_JMP) {
      const size_t hit = far(after(*place, one.jt));
      const size_t miss = far(after(*place, one.jf));
      odd_ = odd_ || hit > kFarthest || miss > kFarthest;
      one.jt = static_cast<uint8_t>(hit);
      one.jf = static_cast<uint8_t>(miss);
    }
    made.push_back(one);
    if (needs_jump(place)) {
      made.push_back(BPF_STMT(BPF_JMP | BPF_JA, static_cast<uint32_t>(far(after(*place, 0)))));
    }
  }

  const Program& all_;
  const uint32_t abi_, number_;
  std::set<uint32_t>& bounds_;
  std::set<size_t> places_;
  bool odd_ = false;
};

// Numbers from `first` on, up to those of the next one.
struct Leaf {
  uint32_t first;
  Program rest;
};

bool is_same(const Program& one, const Program& other) {
  return one.size() == other.size() &&
         memcmp(one.data(), other.data(), one.size() * sizeof(sock_filter)) == 0;
}

Program halves(const std::vector<Leaf>& leaves, size_t first, size_t end) {
  if (end - first == 1) {
    return leaves[first].rest;
  }
  const size_t middle = first + (end - first) / 2;
  const Program low = halves(leaves, first, middle);
  const Program high = halves(leaves, middle, end);
  const uint32_t bound = leaves[middle].first;
  Program both;
  if (low.size() <= kFarthest) {
    both.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, bound, static_cast<uint8_t>(low.size()), 0));
  } else {
    both.push_back(BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, bound, 0, 1));
    both.push_back(BPF_STMT(BPF_JMP | BPF_JA, static_cast<uint32_t>(low.size())));
  }
  both.insert(both.end(), low.begin(), low.end());
  both.insert(both.end(), high.begin(), high.end());
  return both;
}

}  // namespace

std::vector<sock_filter> tree_of(const std::vector<sock_filter>& linear, uint32_t abi) {
  if (linear.size() > BPF_MAXINSNS) {
    return linear;  // refused either way
  }
  std::map<uint32_t, Program> rests;
  size_t size = 0;
  for (std::set<uint32_t> waiting = {0}; !waiting.empty() && size <= BPF_MAXINSNS;) {
    const uint32_t first = *waiting.begin();
    waiting.erase(waiting.begin());
    if (rests.count(first) > 0) {
      continue;
    }
    const Program& rest = rests[first] = Rest(linear, abi, first, waiting).make();
    if (rest.empty()) {
      return linear;
    }
    size += rest.size();
  }
  if (size > BPF_MAXINSNS) {
    return linear;  // too long for the kernel, or as good as
  }
  std::vector<Leaf> leaves;
  for (auto& [first, rest] : rests) {
    if (leaves.empty() || !is_same(leaves.back().rest, rest)) {
      leaves.push_back({first, std::move(rest)});
    }
  }
  Program tree = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
  const Program below = halves(leaves, 0, leaves.size());
  tree.insert(tree.end(), below.begin(), below.end());
  return tree.size() <= linear.size() ? tree : linear;
}

}  // namespace berth::seccomp
