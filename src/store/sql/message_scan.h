#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/message_log.h"
#include "store/database.h"
#include "store/message_admin_store.h"

namespace qn::store {

// The positions of one page of messages. Part of a job of MessageAdminStore.
struct MessageScan {
  std::vector<model::LogPosition> hits;  // newest first
  model::LogPosition next = 0;           // as in MessageAdminStore::Page
  bool is_cut_short = false;
};

// Goes back through the log along one index for each source: message_by_sender
// for a sender, message_log for a conversation, message_by_time for a time, the
// table itself otherwise. The other conditions are looked up in the rows.
Result<MessageScan> scan_messages(Connection& c, const MessageFilter& filter,
                                  model::LogPosition before, std::size_t limit);

// The statements, for the test that they use the indexes they are meant for.
std::vector<std::string_view> message_scan_statements();

}  // namespace qn::store
