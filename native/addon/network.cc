// The host's side of the managed network: bridge, links, firewall.
#include "netlink.h"
#include "nft.h"
#include "task.h"

namespace berth::addon {
namespace {

Status ensure_bridge_now(const std::string& name, const std::vector<std::string>& addresses) {
  Result<Netlink> netlink = Netlink::open();
  if (!netlink) {
    return netlink.error();
  }
  BERTH_TRY(netlink->create_bridge(name));
  Result<uint32_t> index = netlink->index_of(name);
  if (!index) {
    return index.error();
  }
  for (const std::string& address : addresses) {
    BERTH_TRY(netlink->add_address(*index, address));
  }
  return netlink->set_up(*index);
}

// ensureBridge(name, addresses)
Napi::Value ensure_bridge(const Napi::CallbackInfo& info) {
  return run_status(info.Env(), [name = text(info[0]), addresses = texts(info[1])] {
    return ensure_bridge_now(name, addresses);
  });
}

Napi::Value delete_link(const Napi::CallbackInfo& info) {
  return run_status(info.Env(), [name = text(info[0])]() -> Status {
    Result<Netlink> netlink = Netlink::open();
    return netlink ? netlink->delete_link(name) : Status(netlink.error());
  });
}

// links() → [{ name, kind, index, up }]
Napi::Value links(const Napi::CallbackInfo& info) {
  return Task<std::vector<LinkInfo>>::run(
      info.Env(),
      []() -> Result<std::vector<LinkInfo>> {
        Result<Netlink> netlink = Netlink::open();
        return netlink ? netlink->links() : Result<std::vector<LinkInfo>>(netlink.error());
      },
      [](Napi::Env env, std::vector<LinkInfo>& all) -> Napi::Value {
        Napi::Array made = Napi::Array::New(env, all.size());
        for (uint32_t i = 0; i < all.size(); i++) {
          Napi::Object link = Napi::Object::New(env);
          link.Set("name", all[i].name);
          link.Set("kind", all[i].kind);
          link.Set("index", all[i].index);
          link.Set("up", all[i].up);
          made.Set(i, link);
        }
        return made;
      });
}

Napi::Value nft(const Napi::CallbackInfo& info) {
  return run_status(info.Env(), [script = text(info[0])] { return run_nft(script); });
}

}  // namespace

void add_network(Napi::Env env, Napi::Object exports) {
  exports.Set("ensureBridge", Napi::Function::New(env, ensure_bridge));
  exports.Set("deleteLink", Napi::Function::New(env, delete_link));
  exports.Set("links", Napi::Function::New(env, links));
  exports.Set("nft", Napi::Function::New(env, nft));
}

}  // namespace berth::addon
