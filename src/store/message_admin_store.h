#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "model/message_log.h"
#include "store/database.h"

namespace qn::store {

// Somebody, or a group, as a message names them; "" as name: gone.
struct MessageParty {
  std::int64_t id = 0;  // 0: nobody
  std::string name{};
  std::string avatar{};
};

// One message as operators see it.
struct MessageLine {
  model::LogPosition position = 0;
  model::ConversationId conversation;
  model::ConversationKey::Kind kind = model::ConversationKey::Kind::kSingle;
  model::Seq seq = 0;
  std::string uuid;
  MessageParty sender;  // nobody: a notice
  MessageParty to;      // the other one, the group, or whom a notice tells
  std::string type;
  std::string body;  // the message object, JSON; "" unless the content was asked for
  Time created_at;
  std::optional<Time> recalled_at;
};

// Which messages. All conditions hold together.
struct MessageFilter {
  std::vector<UserId> senders{};         // one of them; empty: anybody
  std::vector<GroupId> groups{};         // in one of them; empty: anywhere
  model::ConversationId conversation{};  // in this one; `groups` does not count then
  std::optional<Time> from{};            // not older
  std::optional<Time> until{};           // older
  std::string type{};                    // "" = all
  std::string text{};                    // part of what it says; "" = all
};

// What operators see of the message log. Reading only; who has read what is put
// on record by chat/, before.
class MessageAdminStore {
 public:
  virtual ~MessageAdminStore() = default;

  // At most so many messages are looked at for one page, whatever is asked for,
  // and at most so many senders or groups at once; more are left out.
  static constexpr std::int64_t kMaxExamined = 20'000;
  static constexpr std::size_t kMaxSources = 10;

  enum class Content { kHidden, kShown };

  struct Page {
    std::vector<MessageLine> messages;  // newest first
    model::LogPosition next = 0;        // where older ones begin; 0: there are none
    bool is_cut_short = false;          // kMaxExamined were looked at before the page was full
  };
  // What is older than message `before` (0: from the newest on). Nothing is
  // counted: each page costs the same, however long the log is.
  virtual Task<Result<Page>> list(MessageFilter filter, model::LogPosition before, int limit,
                                  Content content, Deadline by) = 0;

  struct Detail {
    MessageLine message;
    std::vector<MessageLine> around;  // of the same conversation, in its order, with the message
  };
  // With at most `neighbours` messages before and behind it.
  virtual Task<Result<std::optional<Detail>>> find(model::LogPosition position, int neighbours,
                                                   Content content, Deadline by) = 0;
};

std::unique_ptr<MessageAdminStore> make_message_admin_store(Database& db);

}  // namespace qn::store
