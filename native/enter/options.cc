#include "options.h"

#include <unistd.h>

#include <string_view>

#include "spec.h"
#include "sys.h"
#include "wire.h"

namespace berth {
namespace {

Error usage(const std::string& what) {
  return fail_with(EINVAL, "read the command line", what);
}

bool set_size(uint16_t& out, const std::string& text) {
  const auto value = parse_number(text);
  if (!value || *value == 0 || *value > UINT16_MAX) {
    return false;
  }
  out = static_cast<uint16_t>(*value);
  return true;
}

bool set_option(Options& options, std::string_view name, const std::string& value) {
  if (name == "--run-dir") {
    options.run_dir = value;
  } else if (name == "--session-dir") {
    options.session_dir = value;
  } else if (name == "--user") {
    options.user = value;
  } else if (name == "--workdir") {
    options.workdir = value;
    return !value.empty() && value[0] == '/';
  } else if (name == "--columns") {
    return set_size(options.columns, value);
  } else if (name == "--rows") {
    return set_size(options.rows, value);
  } else {
    return false;
  }
  return !value.empty();
}

Status take_order(Options& options) {
  auto text = read_all(wire::kSpecDescriptor, wire::kMaxOrderBytes);
  close(wire::kSpecDescriptor);
  if (!text) {
    return text.error().in("read the order");
  }
  auto entries = parse_entries(*text);
  if (!entries) {
    return entries.error();
  }
  for (auto& [key, value] : *entries) {
    bool valid = true;
    if (key == "user") {
      valid = !value.empty();
      options.user = std::move(value);
    } else if (key == "workdir") {
      valid = !value.empty() && value[0] == '/';
      options.workdir = std::move(value);
    } else if (key == "env") {
      valid = value.find('=') != std::string::npos && value[0] != '=';
      options.env.push_back(std::move(value));
    } else if (key == "program") {
      valid = !value.empty() && value[0] == '/';
      options.program = std::move(value);
    } else {
      valid = key == "arg";
      options.command.push_back(std::move(value));
    }
    if (!valid) {
      return fail_with(EINVAL, "read the order", key);
    }
  }
  return ok();
}

}  // namespace

Result<Options> parse_options(int argc, char** argv) {
  Options options;
  const std::string verb = argc > 1 ? argv[1] : "";
  options.session = verb == "session";
  if (!options.session && verb != "exec") {
    return usage(verb);
  }
  int at = 2;
  for (; at < argc && std::string_view(argv[at]) != "--"; at += 2) {
    if (at + 1 >= argc || !set_option(options, argv[at], argv[at + 1])) {
      return usage(argv[at]);
    }
  }
  if (at < argc) {
    options.command.assign(argv + at + 1, argv + argc);
  } else {
    BERTH_TRY(take_order(options));
  }
  if (options.run_dir.empty()) {
    return usage("--run-dir");
  }
  if (options.session && options.session_dir.empty()) {
    return usage("--session-dir");
  }
  if (!options.session && options.command.empty()) {
    return usage("command");
  }
  return options;
}

}  // namespace berth
