#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/ids.h"
#include "base/result.h"
#include "base/task.h"
#include "model/group.h"
#include "model/message_log.h"
#include "model/person.h"
#include "store/database.h"
#include "store/group_store.h"
#include "store/tell.h"

namespace qn::store {

// The friend row that one person has of another.
struct FriendFlags {
  std::string remark;
  bool is_blocked = false;
  bool is_normal = true;  // status 1
};

// What decides about a message to one person (chat-rules-and-tables.md §3).
struct SingleFacts {
  model::Person sender;
  std::optional<Time> sender_muted_until{};
  std::optional<model::Person> recipient{};
  std::string recipient_userset{};
  std::optional<FriendFlags> theirs{};  // the recipient's row of the sender
  std::optional<FriendFlags> mine{};    // the sender's row of the recipient
  std::int64_t sent_as_stranger = 0;    // messages of the sender to the recipient; counts to 100
};

// What decides about a message to a group.
struct GroupFacts {
  GroupPlace place;
  std::optional<Time> sender_muted_until{};
  std::optional<Time> member_muted_until{};
};

// What decides about a recall.
struct RecallFacts {
  model::ConversationKey conversation;
  UserId sender;
  Time created_at;
  bool is_recalled = false;
  std::string recall_body{};  // of the recall that has been made already
  // The other one of a single conversation, or the group and the caller's place.
  std::optional<model::Person> other{};
  std::optional<GroupPlace> place{};
  std::optional<FriendFlags> mine{};  // the caller's row of the other one
  model::Person caller;
};

// The message log (tables conversation, message, member; architecture §5). Every
// append is one transaction: the rules look at facts read inside it, so that two
// sends at once cannot both pass a limit. Durable when it returns, and announced
// (Database::on_announced). Any loop; owned by app/.
class MessageLog {
 public:
  virtual ~MessageLog() = default;

  struct Sent {
    std::string body;
    bool is_repeat = false;  // was in the log already, under this client_msg_id
  };
  // Decides, inside the transaction and on a database thread, whether the message
  // may be sent, and makes it. An error ends the transaction and is the result.
  template <class Facts>
  using Rule = std::function<Result<NewMessage>(const Facts&)>;

  // `client_msg_id` may be "". A repeated one gives the first message again, or
  // kConflict when that went elsewhere.
  virtual Task<Result<Sent>> append_single(UserId sender, UserId recipient,
                                           std::string client_msg_id, Rule<SingleFacts> rule,
                                           Deadline by) = 0;
  // kNotFound: no such group.
  virtual Task<Result<Sent>> append_group(UserId sender, GroupId group, std::string client_msg_id,
                                          Rule<GroupFacts> rule, Deadline by) = 0;

  // Several at once, in their order. Conversations that do not exist are made,
  // with the users of the key as members.
  virtual Task<Result<void>> append(std::vector<Addressed> messages, Deadline by) = 0;

  // Marks the caller's message and appends what the rule makes of it to its
  // conversation. kNotFound: the caller has sent no such message lately. When it is
  // recalled already the rule still decides, but what it makes is dropped and the
  // first recall's body is the result.
  virtual Task<Result<Sent>> recall(std::string uuid, UserId caller, Rule<RecallFacts> rule,
                                    Deadline by) = 0;

  // Nothing: no such user, or one who may not act.
  virtual Task<Result<std::optional<model::Arrival>>> find_arrival(UserId user, Deadline by) = 0;
  // The oldest `limit` messages the user has not received.
  virtual Task<Result<model::Backlog>> find_backlog(UserId user, int limit, Deadline by) = 0;
  // Bodies in the order of `positions`; "" for one that is not there.
  virtual Task<Result<std::vector<std::string>>> read(std::vector<model::LogPosition> positions,
                                                      Deadline by) = 0;
  // Cursors never go back.
  virtual Task<Result<void>> note_delivered(std::vector<model::Delivered> deliveries,
                                            Deadline by) = 0;
};

std::unique_ptr<MessageLog> make_message_log(Database& db);

}  // namespace qn::store
