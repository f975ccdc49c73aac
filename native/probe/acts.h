// What a probe can try.
#pragma once

#include <string>
#include <vector>

namespace berth::probe {

using Words = std::vector<std::string>;

// `ok`, or the name of the errno: what the last system call gave.
std::string outcome(long result);

// Do what WORDS say (ACT ARGUMENT...) and say how it went. In a child: it may leave anything behind in it.
std::string act(const Words& words);

// A system call by one of the three entries of x86-64: `64`, `i386` (int 0x80) or `x32`. Arguments are
// numbers, `&` for a page of zeros or `=TEXT` for a text; both lie where 32 bits reach.
std::string make_call(const Words& words);

}  // namespace berth::probe
