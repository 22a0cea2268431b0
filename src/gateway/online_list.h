#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/task.h"
#include "chat/online.h"

namespace qn::gateway {

struct GatewayCore;

// The sockets of all loops that match, newest first: each loop looks through its
// own, a slot of its heartbeats per turn, and keeps the newest `offset + limit` of
// them, at most kMaxListed. Any loop.
inline constexpr std::size_t kMaxListed = 10'000;
Task<chat::Online::Page> list_online(std::shared_ptr<GatewayCore> core, std::string keyword,
                                     std::size_t limit, std::size_t offset);

}  // namespace qn::gateway
