// Counters of many guests in one call, and the effects of limits on one.
#include <sys/resource.h>

#include <limits>
#include <map>
#include <mutex>
#include <optional>

#include "cgroup_usage.h"
#include "groups.h"
#include "netlink.h"
#include "sys.h"

namespace berth::addon {
namespace {

// Of a row of readUsage, in the order of native/lib/cgroups.ts.
constexpr size_t kColumns = 9;
constexpr int64_t kForgetMillis = 60'000;

struct Source {
  std::optional<UsageReader> reader;
  uint32_t link = 0;  // index of the host's end; links never get one again that another had
  int64_t used_at = 0;
};

int64_t now_millis() {
  return static_cast<int64_t>(monotonic_micros() / 1000);
}

// Descriptors and link numbers of the guests that are asked for again and again.
class Sources {
 public:
  Result<std::vector<double>> sample(const std::vector<std::string>& paths,
                                     const std::vector<std::string>& links, const std::string& root) {
    const std::lock_guard<std::mutex> lock(mutex_);
    Result<CgroupLayout> layout = layout_of(root);
    if (!layout) {
      return layout.error();
    }
    std::vector<double> rows(paths.size() * kColumns, std::numeric_limits<double>::quiet_NaN());
    const int64_t now = now_millis();
    for (size_t i = 0; i < paths.size(); i++) {
      Source& source = sources_[root + paths[i]];
      source.used_at = now;
      std::optional<Usage> usage = read(source, *layout, paths[i], now);
      if (usage) {
        put(&rows[i * kColumns], *usage);
      } else {  // gone, perhaps in the middle: then it does not exist
        sources_.erase(root + paths[i]);
      }
    }
    BERTH_TRY(add_links(rows, paths, links, root));
    if (!root.empty()) {
      sources_.clear();
    }
    std::erase_if(sources_, [&](const auto& one) { return now - one.second.used_at > kForgetMillis; });
    return rows;
  }

  void forget(const std::string& path) {
    const std::lock_guard<std::mutex> lock(mutex_);
    sources_.erase(path);
  }

 private:
  // At most half of the process's descriptors; who comes later is opened each time.
  bool may_keep() const {
    rlimit most = {};
    getrlimit(RLIMIT_NOFILE, &most);
    return sources_.size() * UsageReader::kMostDescriptors <= most.rlim_cur / 2;
  }

  std::optional<Usage> read(Source& source, const CgroupLayout& layout, const std::string& path,
                            int64_t now) {
    // Once more with new descriptors: it may have ended and started again in between.
    for (const bool kept : {source.reader.has_value(), false}) {
      if (!kept) {
        Result<UsageReader> opened = UsageReader::open(layout, path);
        if (!opened) {
          return {};
        }
        source.reader.emplace(std::move(*opened));
      }
      Result<Usage> usage = source.reader->read(now);
      if (usage) {
        if (!may_keep()) {
          source.reader.reset();
        }
        return *usage;
      }
      source.reader.reset();
    }
    return {};
  }

  static void put(double* row, const Usage& usage) {
    const auto known = [](int64_t value) {
      return value < 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(value);
    };
    row[0] = static_cast<double>(usage.cpu_micros);
    row[1] = static_cast<double>(usage.memory_bytes);
    row[2] = known(usage.swap_bytes);
    row[3] = static_cast<double>(usage.pids);
    row[6] = known(usage.io_read_bytes);
    row[7] = known(usage.io_write_bytes);
    row[8] = known(usage.throttled_micros);
  }

  Status add_links(std::vector<double>& rows, const std::vector<std::string>& paths,
                   const std::vector<std::string>& links, const std::string& root) {
    bool any = false;
    for (const std::string& link : links) {
      any = any || !link.empty();
    }
    if (!any) {
      return ok();
    }
    Result<Netlink> netlink = Netlink::open();
    if (!netlink) {
      return netlink.error();
    }
    Result<std::vector<LinkBytes>> counted = netlink->link_bytes();
    if (!counted) {
      return counted.error();
    }
    std::map<uint32_t, const LinkBytes*> by_index;
    for (const LinkBytes& one : *counted) {
      by_index[one.index] = &one;
    }
    for (size_t i = 0; i < links.size(); i++) {
      const auto source = sources_.find(root + paths[i]);
      if (links[i].empty() || source == sources_.end()) {
        continue;
      }
      auto found = by_index.find(source->second.link);
      if (found == by_index.end()) {
        Result<uint32_t> index = netlink->index_of(links[i]);
        source->second.link = index ? *index : 0;
        found = by_index.find(source->second.link);
      }
      if (found != by_index.end()) {  // what the host's end sends, the guest receives
        rows[i * kColumns + 4] = static_cast<double>(found->second->transmit);
        rows[i * kColumns + 5] = static_cast<double>(found->second->receive);
      }
    }
    return ok();
  }

  std::mutex mutex_;
  std::map<std::string, Source> sources_;
};

Sources& sources() {
  static Sources all;
  return all;
}

// readUsage(paths, links, root?) → Float64Array of a row for each; links[i] is the host end of guest i's
// pair, or "".
Napi::Value read_usage(const Napi::CallbackInfo& info) {
  return Task<std::vector<double>>::run(
      info.Env(),
      [paths = texts(info[0]), links = texts(info[1]),
       root = root_in(info, 2)]() -> Result<std::vector<double>> {
        if (paths.size() != links.size()) {
          return fail_with(EINVAL, "read usage: as many links as groups");
        }
        return sources().sample(paths, links, root);
      },
      [](Napi::Env env, std::vector<double>& rows) -> Napi::Value {
        Napi::Float64Array made = Napi::Float64Array::New(env, rows.size());
        std::copy(rows.begin(), rows.end(), made.Data());
        return made;
      });
}

// forgetUsage(path): close what readUsage keeps open of it
Napi::Value forget_usage(const Napi::CallbackInfo& info) {
  return run_status(info.Env(), [path = text(info[0])] {
    sources().forget(path);
    return ok();
  });
}

// readEffects(path, root?)
Napi::Value read_effects_of(const Napi::CallbackInfo& info) {
  return Task<Effects>::run(
      info.Env(),
      [path = text(info[0]), root = root_in(info, 1)]() -> Result<Effects> {
        Result<CgroupLayout> layout = layout_of(root);
        return layout ? read_effects(*layout, path) : Result<Effects>(layout.error());
      },
      [](Napi::Env env, Effects& effects) -> Napi::Value {
        Napi::Object made = Napi::Object::New(env);
        const auto set = [&](const char* name, auto value) {
          made.Set(name, number_or_null(env, static_cast<double>(value)));
        };
        set("throttledMicros", effects.throttled_micros);
        set("throttledPeriods", effects.throttled_periods);
        set("periods", effects.periods);
        set("memoryHigh", effects.memory_high);
        set("memoryMax", effects.memory_max);
        set("oomKills", effects.oom_kills);
        set("memoryPeak", effects.memory_peak);
        set("reclaimed", effects.reclaimed_pages);
        set("refusedForks", effects.refused_forks);
        set("cpuPressure", effects.cpu_pressure);
        set("memoryPressure", effects.memory_pressure);
        set("ioPressure", effects.io_pressure);
        return made;
      });
}

}  // namespace

void add_usage(Napi::Env env, Napi::Object exports) {
  exports.Set("readUsage", Napi::Function::New(env, read_usage));
  exports.Set("forgetUsage", Napi::Function::New(env, forget_usage));
  exports.Set("readEffects", Napi::Function::New(env, read_effects_of));
}

}  // namespace berth::addon
