#pragma once

#include <cstdint>
#include <deque>
#include <memory>

#include "base/task.h"
#include "gateway/line.h"

namespace qn::gateway {

struct GatewayCore;

// Finds out who has just connected: so many sockets of a loop at a time, in the
// order they came, again and again while the store is away. One loop.
class Entrance {
 public:
  Entrance(GatewayCore& core, std::size_t loop) : core_(core), loop_(loop) {}

  void add(std::uint64_t socket);

 private:
  void pump();
  static Task<void> serve(std::shared_ptr<GatewayCore> core, Entrance& entrance,
                          std::uint64_t socket);
  static Task<void> ask(std::shared_ptr<GatewayCore> core, std::size_t loop, std::uint64_t socket);

  GatewayCore& core_;
  const std::size_t loop_;
  std::deque<std::uint64_t> waiting_;
  std::size_t running_ = 0;
};

}  // namespace qn::gateway
