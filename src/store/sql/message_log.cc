#include "store/message_log.h"

#include <utility>

#include "store/sql/backlog_rows.h"
#include "store/sql/conversation_rows.h"
#include "store/sql/delivery_rows.h"
#include "store/sql/member_lists.h"
#include "store/sql/message_facts.h"

namespace qn::store {
namespace {

using Sent = MessageLog::Sent;
using model::ConversationKey;

constexpr std::string_view kSelectBody = "SELECT body FROM message WHERE id = $1";
constexpr std::string_view kSetRecalled =
    "UPDATE message SET recalled_at = $2, recalled_by = $3 WHERE id = $1";

Error not_found(std::string_view detail) {
  return {ErrorCode::kNotFound, {}, std::string(detail)};
}

// Member lists that a transaction had to read. They are remembered once it is
// committed and not before: a members_version that is undone is given again.
class Listeners {
 public:
  explicit Listeners(MemberLists& lists) : lists_(lists) {}

  FindListeners finder() {
    return [this](Connection& c, model::ConversationId conversation,
                  std::int64_t version) -> Result<UserList> {
      for (const Read& list : read_) {
        if (list.conversation == conversation && list.version == version) return list.users;
      }
      if (UserList known = lists_.find(conversation, version)) return known;
      TRY(UserList users, select_listeners(c, conversation));
      read_.push_back({conversation, version, users});
      return users;
    };
  }

  void keep() {
    for (auto& list : read_) lists_.keep(list.conversation, list.version, std::move(list.users));
  }

 private:
  struct Read {
    model::ConversationId conversation;
    std::int64_t version = 0;
    UserList users;
  };
  MemberLists& lists_;
  std::vector<Read> read_;
};

// The same message again, or nothing when this client_msg_id is new.
Result<std::optional<Sent>> find_repeated(Connection& c, UserId sender, const ConversationKey& to,
                                          std::string_view client_msg_id) {
  if (client_msg_id.empty()) return std::optional<Sent>();
  TRY(auto found, select_repeated(c, sender, client_msg_id));
  if (!found) return std::optional<Sent>();
  if (found->conversation != to) {
    return Error{ErrorCode::kConflict, {}, "client_msg_id was used in another conversation"};
  }
  return std::optional<Sent>({std::move(found->body), true});
}

Result<Sent> append(Connection& c, const ConversationKey& to, NewMessage message,
                    std::string_view client_msg_id, Listeners& listeners) {
  Sent sent{message.body};
  CHECK_OK(append_message(c, to, std::move(message), client_msg_id, listeners.finder()));
  return sent;
}

Result<Sent> send_single(Connection& c, UserId sender, UserId recipient,
                         std::string_view client_msg_id, const MessageLog::Rule<SingleFacts>& rule,
                         Listeners& listeners) {
  const auto to = ConversationKey::single(sender, recipient);
  TRY(auto repeated, find_repeated(c, sender, to, client_msg_id));
  if (repeated) return std::move(*repeated);
  TRY(const auto facts, select_single_facts(c, sender, recipient));
  if (!facts) return not_found("no such sender");
  TRY(auto message, rule(*facts));
  return append(c, to, std::move(message), client_msg_id, listeners);
}

Result<Sent> send_to_group(Connection& c, UserId sender, GroupId group,
                           std::string_view client_msg_id, const MessageLog::Rule<GroupFacts>& rule,
                           Listeners& listeners) {
  const auto to = ConversationKey::group(group);
  TRY(auto repeated, find_repeated(c, sender, to, client_msg_id));
  if (repeated) return std::move(*repeated);
  TRY(const auto facts, select_group_facts(c, sender, group));
  if (!facts) return not_found("no such group");
  TRY(auto message, rule(*facts));
  return append(c, to, std::move(message), client_msg_id, listeners);
}

// The rule decides about repeated recalls too, so that nobody learns of a
// message that is not his; what it makes then is not used.
Result<Sent> recall_message(Connection& c, std::string_view uuid, UserId caller,
                            const MessageLog::Rule<RecallFacts>& rule, Listeners& listeners) {
  TRY(auto found, select_recallable(c, uuid, caller));
  if (!found) return not_found("no such message");
  CHECK_OK(select_recall_people(c, caller, found->facts));
  TRY(auto message, rule(found->facts));
  if (found->facts.is_recalled) return Sent{std::move(found->facts.recall_body), true};
  Sent sent{message.body};
  const Time now = message.created_at;
  TRY(const auto recall,
      append_message(c, found->facts.conversation, std::move(message), "", listeners.finder()));
  const Param params[] = {found->position, param(now), recall};
  CHECK_OK(c.execute(kSetRecalled, params));
  return sent;
}

class SqlMessageLog final : public MessageLog {
 public:
  explicit SqlMessageLog(Database& db) : db_(db) {}

  Task<Result<Sent>> append_single(UserId sender, UserId recipient, std::string client_msg_id,
                                   Rule<SingleFacts> rule, Deadline by) override {
    return write<Sent>(
        [=, rule = std::move(rule)](Connection& c, Listeners& listeners) {
          return send_single(c, sender, recipient, client_msg_id, rule, listeners);
        },
        by);
  }

  Task<Result<Sent>> append_group(UserId sender, GroupId group, std::string client_msg_id,
                                  Rule<GroupFacts> rule, Deadline by) override {
    return write<Sent>(
        [=, rule = std::move(rule)](Connection& c, Listeners& listeners) {
          return send_to_group(c, sender, group, client_msg_id, rule, listeners);
        },
        by);
  }

  Task<Result<void>> append(std::vector<Addressed> messages, Deadline by) override {
    Listeners listeners(lists_);
    Database::Job job = [&](Connection& c) -> Result<void> {
      const FindListeners find = listeners.finder();
      for (Addressed& addressed : messages) {
        CHECK_OK(append_message(c, addressed.to, std::move(addressed.message), "", find));
      }
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    listeners.keep();
    co_return Result<void>();
  }

  Task<Result<Sent>> recall(std::string uuid, UserId caller, Rule<RecallFacts> rule,
                            Deadline by) override {
    return write<Sent>(
        [=, uuid = std::move(uuid), rule = std::move(rule)](Connection& c, Listeners& listeners) {
          return recall_message(c, uuid, caller, rule, listeners);
        },
        by);
  }

  Task<Result<std::optional<model::Arrival>>> find_arrival(UserId user, Deadline by) override {
    std::optional<model::Arrival> arrival;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(arrival, select_arrival(c, user));
      return {};
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return arrival;
  }

  Task<Result<model::Backlog>> find_backlog(UserId user, int limit, Deadline by) override {
    model::Backlog backlog;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(backlog, select_backlog(c, user, limit));
      return {};
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return backlog;
  }

  Task<Result<std::vector<std::string>>> read(std::vector<model::LogPosition> positions,
                                              Deadline by) override {
    std::vector<std::string> bodies(positions.size());
    Database::Job job = [&](Connection& c) -> Result<void> {
      for (std::size_t i = 0; i < positions.size(); ++i) {
        const Param params[] = {positions[i]};
        CHECK_OK(c.query(kSelectBody, params, [&](const Row& row) { bodies[i] = row.text(0); }));
      }
      return {};
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return bodies;
  }

  Task<Result<void>> note_delivered(std::vector<model::Delivered> deliveries,
                                    Deadline by) override {
    Database::Job job = [&](Connection& c) -> Result<void> {
      for (const auto& delivered : deliveries) CHECK_OK(note_delivery(c, delivered));
      return {};
    };
    co_return co_await db_.write(std::move(job), by);
  }

 private:
  // Runs a job that has a result; `work` and what it holds live in this frame.
  template <class T, class F>
  Task<Result<T>> write(F work, Deadline by) {
    std::optional<T> value;
    Listeners listeners(lists_);
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(value, work(c, listeners));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    listeners.keep();
    co_return std::move(*value);
  }

  Database& db_;
  MemberLists lists_;
};

}  // namespace

std::unique_ptr<MessageLog> make_message_log(Database& db) {
  return std::make_unique<SqlMessageLog>(db);
}

}  // namespace qn::store
