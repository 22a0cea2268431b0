#pragma once

// Shared by the tests of the message log; not part of the library.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/message_log.h"
#include "store/sql/log_rows.h"
#include "store/sql/store_test_fixture.h"

namespace qn::store::test {

using model::ConversationKey;

// A message whose body is its own text.
inline NewMessage line(UserId sender, const std::string& body) {
  return {.uuid = "uuid of " + body,
          .sender = sender,
          .hidden_from = sender,
          .type = "text",
          .body = body,
          .created_at = at(0)};
}
inline NewMessage notice(const std::string& body) {
  return line(UserId(), body);
}

// Statements that telling a group or one user costs; more when the conversation
// has to be made.
inline constexpr std::uint64_t kTellGroup = 5;
inline constexpr std::uint64_t kTellUser = 4;
inline constexpr std::uint64_t kTellNewGroup = kTellGroup + 1;
inline constexpr std::uint64_t kTellNewUser = kTellUser + 1;

// Tells one thing, whatever happened.
template <class Outcome>
Tell<Outcome> telling(const ConversationKey& to, const std::string& body) {
  return [=](const Outcome&) { return std::vector<Addressed>{{to, notice(body)}}; };
}

// A message log, what it announces, and friends' and groups' rows made by hand.
class LogTest : public StoreTest {
 protected:
  LogTest() : log_(make_message_log(counting_)) {
    db_->on_announced([this](std::vector<model::LoggedMessage> messages) {
      for (auto& message : messages) announced_.push_back(std::move(message));
    });
  }

  template <class Facts>
  static MessageLog::Rule<Facts> always(NewMessage message) {
    return [message](const Facts&) -> Result<NewMessage> { return message; };
  }
  Result<MessageLog::Sent> send(UserId from, UserId to, const std::string& body,
                                const std::string& client_msg_id = "") {
    auto message = line(from, body);
    if (from == to) message.hidden_from = UserId();
    return run(log_->append_single(from, to, client_msg_id, always<SingleFacts>(message), soon()));
  }
  Result<MessageLog::Sent> send(UserId from, GroupId to, const std::string& body,
                                const std::string& client_msg_id = "") {
    return run(
        log_->append_group(from, to, client_msg_id, always<GroupFacts>(line(from, body)), soon()));
  }
  void tell(const ConversationKey& to, const std::string& body) {
    EXPECT_TRUE(run(log_->append({{to, notice(body)}}, soon())));
  }

  void befriend(UserId owner, UserId other, const std::string& remark = "", int black = 0,
                int status = 1) {
    must(
        "INSERT INTO goodfriend (user_id, friend_id, nickname, isblack, status, create_time, "
        "update_time) VALUES (" +
        id(owner) + ", " + id(other) + ", '" + remark + "', " + std::to_string(black) + ", " +
        std::to_string(status) + ", 0, 0)");
  }
  GroupId make_group(const std::vector<UserId>& members) {
    must(
        "INSERT INTO \"group\" (uuid, user_id, name, create_time, update_time) VALUES ('g' || "
        "(SELECT count(*) FROM \"group\"), " +
        id(members[0]) + ", 'club', 0, 0)");
    const GroupId group(number("SELECT max(id) FROM \"group\""));
    for (const UserId member : members) join(group, member);
    return group;
  }
  void join(GroupId group, UserId user) {
    must("INSERT INTO group_user (group_id, user_id, create_time, update_time) VALUES (" +
         id(group) + ", " + id(user) + ", 0, 0)");
    sync(group, user);
  }
  void leave(GroupId group, UserId user) {
    must("DELETE FROM group_user WHERE group_id = " + id(group) + " AND user_id = " + id(user));
    sync(group, user);
  }
  void sync(GroupId group, UserId user) {
    Database::Job job = [=](Connection& c) { return sync_member(c, group, user); };
    EXPECT_TRUE(run(counting_.write(std::move(job), soon())));
  }
  void sync_all(GroupId group) {
    Database::Job job = [=](Connection& c) { return sync_members(c, group); };
    EXPECT_TRUE(run(counting_.write(std::move(job), soon())));
  }

  model::Backlog backlog(UserId user, int limit = 1'000) {
    auto found = run(log_->find_backlog(user, limit, soon()));
    EXPECT_TRUE(found);
    return found ? std::move(*found) : model::Backlog();
  }
  std::vector<std::string> bodies(const model::Backlog& backlog) {
    std::vector<model::LogPosition> positions;
    for (const auto& message : backlog.messages) positions.push_back(message.position);
    auto read = run(log_->read(positions, soon()));
    EXPECT_TRUE(read);
    return read ? std::move(*read) : std::vector<std::string>();
  }
  std::vector<std::string> missed(UserId user, int limit = 1'000) {
    return bodies(backlog(user, limit));
  }

  void note(UserId user, model::ConversationId conversation, model::Seq first, model::Seq last,
            bool in_turn) {
    EXPECT_TRUE(run(log_->note_delivered({{conversation, user, first, last, in_turn}}, soon())));
  }
  void arrived(UserId user, model::ConversationId conversation, model::Seq last) {
    note(user, conversation, 1, last, true);
  }
  void arrived_ahead(UserId user, model::ConversationId conversation, model::Seq first,
                     model::Seq last) {
    note(user, conversation, first, last, false);
  }

  model::ConversationId conversation(const ConversationKey& key) {
    const char* kinds[] = {"single", "group", "notice"};
    return model::ConversationId(number(std::string("SELECT id FROM conversation WHERE kind = '") +
                                        kinds[static_cast<int>(key.kind)] +
                                        "' AND low = " + std::to_string(key.low) +
                                        " AND high = " + std::to_string(key.high)));
  }
  void must(const std::string& sql) { EXPECT_TRUE(write(sql)) << sql; }
  template <class Id>
  static std::string id(Id i) {
    return std::to_string(i.value);
  }

  std::unique_ptr<MessageLog> log_;
  // Filled before the call returns that appended.
  std::vector<model::LoggedMessage> announced_;
};

}  // namespace qn::store::test
