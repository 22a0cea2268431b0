#include "gateway/entrance.h"

#include <string>
#include <utility>

#include "base/deadline.h"
#include "base/event_loops.h"
#include "base/log.h"
#include "gateway/core.h"
#include "gateway/gateway_loop.h"
#include "gateway/socket_handler.h"

namespace qn::gateway {

void Entrance::add(std::uint64_t socket) {
  waiting_.push_back(socket);
  pump();
}

void Entrance::pump() {
  while (running_ < core_.options.max_entering && !waiting_.empty()) {
    const std::uint64_t socket = waiting_.front();
    waiting_.pop_front();
    if (!core_.parts[loop_]->find_socket(socket)) continue;
    ++running_;
    core_.loops.spawn(loop_, serve(core_.shared_from_this(), *this, socket));
  }
}

Task<void> Entrance::serve(std::shared_ptr<GatewayCore> core, Entrance& entrance,
                           std::uint64_t socket) {
  co_await ask(core, entrance.loop_, socket);
  --entrance.running_;
  entrance.pump();
}

Task<void> Entrance::ask(std::shared_ptr<GatewayCore> core, std::size_t loop,
                         std::uint64_t socket) {
  const Instant give_up = core->now() + core->options.enter_wait;
  auto delay = core->options.retry_first;
  for (;;) {
    auto* handler = core->parts[loop]->find_socket(socket);
    if (!handler) co_return;
    std::string token = handler->token();
    auto found =
        co_await core->inbox.enter(std::move(token), Deadline::after(core->options.store_wait));
    // It may have closed meanwhile.
    handler = core->parts[loop]->find_socket(socket);
    if (!handler) co_return;
    if (found.has_value()) co_return handler->on_entered(std::move(*found));
    if (found.error().code == ErrorCode::kRefused) {
      co_return handler->on_refused(found.error().text);
    }
    if (core->now() + delay >= give_up) {
      log::warn("gateway.enter_failed",
                {{"code", to_string(found.error().code)}, {"detail", found.error().detail}});
      co_return handler->give_up();
    }
    co_await sleep_for(delay);
    delay *= 2;
  }
}

}  // namespace qn::gateway
