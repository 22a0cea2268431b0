#pragma once

#include <string>

#include "base/clock.h"
#include "chat/caller.h"
#include "model/manager.h"
#include "store/audit_store.h"

namespace qn::chat {

// The manager who is asking, proven by a console session and as its row is now.
// Only ConsoleSessions makes one.
struct Operator {
  model::Manager manager;
  std::string session;  // id of the console session
  std::string csrf;     // what the session's forms must carry
  Origin origin;
};

// Whom the audit log names.
inline store::Actor actor_of(const Operator& op, Time now) {
  return {op.manager.id, op.manager.username, op.origin.address, now};
}

}  // namespace qn::chat
