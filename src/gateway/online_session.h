#pragma once

#include <memory>
#include <string>
#include <utility>

#include "chat/caller.h"
#include "gateway/delivery_session.h"
#include "gateway/ring.h"

namespace qn::gateway {

// A session on its home loop: the state machine and where it is listed there.
// Owned by the registry of that loop; questions to the store keep it alive until
// they are answered. Its home loop only, but for `id`, which does not change.
class OnlineSession final : public DeliverySession,
                            public std::enable_shared_from_this<OnlineSession> {
 public:
  OnlineSession(const chat::Caller& caller, Host& host, const GatewayOptions& options)
      : DeliverySession(caller.user, host, options),
        id(caller.session),
        token_role(caller.token_role),
        row_role(caller.row_role),
        expires(caller.session_expires) {}

  chat::Caller caller() const { return {user(), token_role, row_role, id, expires}; }

  // Constant after construction.
  const std::string id;
  const model::Role token_role;
  const model::Role row_role;
  const Time expires;

  // Its places in lists of the loop.
  OnlineSession* next_of_user = nullptr;
  RingPlace ring_place;
  Instant armed_for{0};  // the next time the wheel wakes it
  bool is_in_ack_queue = false;
};

}  // namespace qn::gateway
