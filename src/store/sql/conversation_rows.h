#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "model/message_log.h"
#include "store/database.h"
#include "store/message_log.h"

namespace qn::store {

std::string_view kind_text(model::ConversationKey::Kind kind);
model::ConversationKey::Kind kind_from(std::string_view text);

using UserList = std::shared_ptr<const std::vector<UserId>>;

// Who is in a conversation now.
Result<UserList> select_listeners(Connection& c, model::ConversationId conversation);

// Says who is in a group's conversation at that members_version.
using FindListeners = std::function<Result<UserList>(Connection& c, model::ConversationId,
                                                     std::int64_t members_version)>;

// Appends one message to its conversation, which is made if need be, and
// announces it; its position. `client_msg_id` may be "". Five statements, four when the message
// is hidden from nobody; one more when `find_listeners` asks.
Result<model::LogPosition> append_message(Connection& c, const model::ConversationKey& to,
                                          NewMessage message, std::string_view client_msg_id,
                                          const FindListeners& find_listeners);

}  // namespace qn::store
