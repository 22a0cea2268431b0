#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "chat/access.h"
#include "chat/groups.h"
#include "chat/texts.h"
#include "store/friend_store.h"
#include "store/group_store.h"
#include "store/sql/log_rows.h"
#include "support/chat_world.h"
#include "support/log_reader.h"
#include "wire/message_json.h"

namespace qn::test {

// People with friends and groups, and what they are told.
class GroupWorld {
 public:
  static constexpr std::string_view kDefaultPicture = ChatWorld::kAvatar;

  explicit GroupWorld(store::GroupCaps caps = {})
      : group_rows(store::make_group_store(*people.db)),
        friend_rows(store::make_friend_store(*people.db)),
        access(*group_rows),
        groups(access, {*group_rows, *friend_rows}, &wire::write_message, people.random,
               people.clock, {caps}) {}

  static Deadline soon() { return ChatWorld::soon(); }
  template <class T>
  Result<T> run(Task<Result<T>> task) {
    return people.run(std::move(task));
  }
  template <class T>
  std::string text_of(Task<Result<T>> task) {
    const auto result = run(std::move(task));
    return result ? "ok" : result.error().text;
  }

  chat::Caller add(const std::string& name, const std::string& nickname = {}) {
    const auto login = people.add_user(name);
    if (!nickname.empty()) {
      EXPECT_TRUE(
          run(people.users->set_nickname(login.user.id, nickname, people.clock.now(), soon())));
    }
    const auto caller = people.authenticate(login.token);
    EXPECT_TRUE(caller);
    return *caller;
  }
  void execute(const std::string& sql) {
    store::Database::Job job = [&sql](store::Connection& c) -> Result<void> {
      CHECK_OK(c.execute(sql, {}));
      return {};
    };
    EXPECT_TRUE(run(people.db->write(std::move(job), soon()))) << sql;
  }
  std::int64_t number(const std::string& sql) {
    std::int64_t value = -1;
    store::Database::Job job = [&](store::Connection& c) {
      return c.query(sql, {}, [&](const store::Row& row) { value = row.integer(0); });
    };
    EXPECT_TRUE(run(people.db->read(std::move(job), soon()))) << sql;
    return value;
  }

  // Both directions; the row in `a`'s list.
  FriendRowId befriend(const chat::Caller& a, const chat::Caller& b) {
    add_friend_row(b, a);
    return add_friend_row(a, b);
  }
  FriendRowId add_friend_row(const chat::Caller& owner, const chat::Caller& other) {
    execute("INSERT INTO goodfriend (user_id, friend_id, create_time, update_time) VALUES (" +
            std::to_string(owner.user.value) + "," + std::to_string(other.user.value) + ",0,0)");
    return FriendRowId(number("SELECT max(id) FROM goodfriend"));
  }
  GroupId create(const chat::Caller& owner, const std::vector<chat::Caller>& members) {
    std::vector<FriendRowId> rows;
    for (const auto& member : members) rows.push_back(befriend(owner, member));
    EXPECT_EQ(text_of(groups.create(owner, rows, soon())), "ok");
    log.take();
    return GroupId(number("SELECT max(id) FROM \"group\""));
  }
  // With the group's conversation in step, as everything that changes memberships.
  void set_member_status(GroupId group, const chat::Caller& who, int status) {
    store::Database::Job job = [&](store::Connection& c) -> Result<void> {
      const store::Param params[] = {std::int64_t{status}, group.value, who.user.value};
      CHECK_OK(c.execute("UPDATE group_user SET status = $1 WHERE group_id = $2 AND user_id = $3",
                         params));
      return store::sync_member(c, group, who.user);
    };
    EXPECT_TRUE(run(people.db->write(std::move(job), soon())));
  }
  void make_visitor(chat::Caller& caller) {
    execute("UPDATE \"user\" SET role = 'visitor' WHERE id = " + std::to_string(caller.user.value));
    caller.row_role = model::Role::kVisitor;
  }
  void disable(const chat::Caller& caller) {
    execute("UPDATE \"user\" SET status = 0 WHERE id = " + std::to_string(caller.user.value));
  }
  store::GroupPlace place(GroupId group, const chat::Caller& caller) {
    auto found = run(group_rows->find_place(group, caller.user, soon()));
    EXPECT_TRUE(found && *found);
    return **found;
  }
  // What came since the last call, which must be one message.
  Told only_told() {
    auto all = log.take();
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? Told() : all.front();
  }

  ChatWorld people;
  LogReader log{*people.db};
  std::unique_ptr<store::GroupStore> group_rows;
  std::unique_ptr<store::FriendStore> friend_rows;
  chat::Access access;
  chat::GroupService groups;
};

}  // namespace qn::test
