// One `key=value` of the spec, read into its place and written back.
#pragma once

#include <string>

#include "spec.h"
#include "wire.h"

namespace berth {

// False: the value is malformed.
bool set_spec_value(Spec& spec, wire::SpecKey key, const std::string& value);

// Values that are made of words, split at spaces; each word as in the start report (report.h). Their texts
// and back.
bool parse_namespace(const std::string& text, SharedNamespace& out);
bool parse_id_map(const std::string& text, IdMap& out);
bool parse_mount(const std::string& text, BindMount& out);
bool parse_guest_device(const std::string& text, GuestDevice& out);
bool parse_rlimit(const std::string& text, Rlimit& out);
bool parse_hook(const std::string& text, Hook& out);
// "inside outside count" in each line, as /proc/PID/uid_map has it.
std::vector<IdMap> parse_id_maps(const std::string& text);
std::string to_text(const SharedNamespace& shared);
std::string to_text(const IdMap& map);
std::string to_text(const BindMount& mount);
std::string to_text(const GuestDevice& device);
std::string to_text(const Rlimit& limit);
std::string to_text(const Hook& hook);

}  // namespace berth
