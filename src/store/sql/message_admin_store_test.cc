#include "store/message_admin_store.h"

#include <gmock/gmock.h>

#include "store/sql/message_scan.h"
#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using Content = MessageAdminStore::Content;
using Kind = model::ConversationKey::Kind;
using test::at;
using test::run;
using test::soon;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Positions = std::vector<model::LogPosition>;

class MessageAdminStoreTest : public test::StoreTest {
 protected:
  MessageAdminStoreTest() : messages_(make_message_admin_store(counting_)) {
    alice_ = create("alice");
    bob_ = create("bob");
    carol_ = create("carol");
  }

  std::int64_t conversation(const std::string& kind, std::int64_t low, std::int64_t high) {
    EXPECT_TRUE(write("INSERT INTO conversation (kind, low, high, create_time) VALUES ('" + kind +
                      "', " + std::to_string(low) + ", " + std::to_string(high) + ", 0)"));
    return number("SELECT max(id) FROM conversation");
  }
  std::int64_t single(UserId a, UserId b) { return conversation("single", a.value, b.value); }
  std::int64_t group(const std::string& name) {
    EXPECT_TRUE(
        write("INSERT INTO \"group\" (uuid, user_id, name, avatar, create_time, update_time) "
              "VALUES ('" +
              name + "', " + std::to_string(alice_.value) + ", '" + name + "', '/g.png', 0, 0)"));
    group_ = GroupId(number("SELECT max(id) FROM \"group\""));
    return conversation("group", group_.value, 0);
  }
  // Appends `count` messages, one a second from at(ms) on; the position of the last.
  model::LogPosition say(std::int64_t conversation, UserId sender, const std::string& text,
                         std::int64_t ms, int count = 1, const std::string& type = "text") {
    const std::string id = std::to_string(conversation);
    const std::string n = std::to_string(count);
    EXPECT_TRUE(write(
        "WITH RECURSIVE step (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM step WHERE i < " + n +
        ") INSERT INTO message (conversation_id, seq, uuid, sender_id, hidden_from, type, body, "
        "text, created_at) SELECT " +
        id + ", (SELECT last_seq FROM conversation WHERE id = " + id + ") + i, 'u', " +
        std::to_string(sender.value) + ", " + std::to_string(sender.value) + ", '" + type +
        "', '{\"data\":\"" + text + "\"}', '" + text + "', " + std::to_string(to_millis(at(ms))) +
        " + (i - 1) * 1000 FROM step"));
    EXPECT_TRUE(write("UPDATE conversation SET last_seq = last_seq + " + n + " WHERE id = " + id));
    return number("SELECT max(id) FROM message");
  }

  MessageAdminStore::Page list(MessageFilter filter, model::LogPosition before = 0, int limit = 10,
                               Content content = Content::kHidden) {
    forget_cost();
    auto page = run(messages_->list(std::move(filter), before, limit, content, soon()));
    EXPECT_TRUE(page);
    return page ? *page : MessageAdminStore::Page();
  }
  Positions positions(MessageFilter filter, model::LogPosition before = 0, int limit = 10) {
    Positions out;
    for (const auto& line : list(std::move(filter), before, limit).messages) {
      out.push_back(line.position);
    }
    return out;
  }
  // All pages of a list, one after the other.
  Positions walk(const MessageFilter& filter, int limit) {
    Positions out;
    for (model::LogPosition before = 0;;) {
      const auto page = list(filter, before, limit);
      for (const auto& line : page.messages) out.push_back(line.position);
      if (page.next == 0) return out;
      EXPECT_TRUE(before == 0 || page.next < before);
      before = page.next;
    }
  }

  std::unique_ptr<MessageAdminStore> messages_;
  UserId alice_, bob_, carol_;
  GroupId group_;
};

TEST_F(MessageAdminStoreTest, AnEmptyLogHasNoPages) {
  const auto page = list({});
  EXPECT_THAT(page.messages, IsEmpty());
  EXPECT_EQ(page.next, 0);
  expect_cost(0, 1);
}

TEST_F(MessageAdminStoreTest, TheNewestComeFirstPageByPage) {
  const auto chat = single(alice_, bob_);
  const auto last = say(chat, alice_, "hello", 0, 5);
  const auto page = list({}, 0, 2);
  expect_cost(0, 3);
  EXPECT_EQ(page.next, last - 1);
  EXPECT_FALSE(page.is_cut_short);
  EXPECT_THAT(positions({}, page.next, 2), ElementsAre(last - 2, last - 3));
  EXPECT_THAT(walk({}, 2), ElementsAre(last, last - 1, last - 2, last - 3, last - 4));
  EXPECT_EQ(list({}, last - 3, 1).next, 0);
}

TEST_F(MessageAdminStoreTest, ALineSaysWhoAndToWhom) {
  say(single(alice_, bob_), bob_, "hi", 5);
  const auto line = list({}).messages.at(0);
  EXPECT_EQ(line.kind, Kind::kSingle);
  EXPECT_EQ(line.sender.name, "bob");
  EXPECT_EQ(line.to.id, alice_.value);
  EXPECT_EQ(line.to.name, "alice");
  EXPECT_EQ(line.to.avatar, "/a.png");
  EXPECT_EQ(line.seq, 1);
  EXPECT_EQ(line.created_at, at(5));
  EXPECT_FALSE(line.recalled_at.has_value());

  say(group("climbers"), carol_, "hi", 6);
  const auto in_group = list({}).messages.at(0);
  EXPECT_EQ(in_group.kind, Kind::kGroup);
  EXPECT_EQ(in_group.to.id, group_.value);
  EXPECT_EQ(in_group.to.name, "climbers");
  EXPECT_EQ(in_group.to.avatar, "/g.png");

  say(conversation("notice", carol_.value, 0), UserId(), "told", 7);
  const auto notice = list({}).messages.at(0);
  EXPECT_EQ(notice.kind, Kind::kNotice);
  EXPECT_EQ(notice.sender.id, 0);
  EXPECT_EQ(notice.to.name, "carol");
}

TEST_F(MessageAdminStoreTest, WhoTalksToHimselfIsOnBothSides) {
  say(single(alice_, alice_), alice_, "note", 0);
  const auto line = list({}).messages.at(0);
  EXPECT_EQ(line.sender.id, alice_.value);
  EXPECT_EQ(line.to.id, alice_.value);
}

TEST_F(MessageAdminStoreTest, WhatIsGoneHasNoName) {
  say(conversation("group", 99, 0), UserId(98), "old", 0);
  const auto line = list({}).messages.at(0);
  EXPECT_EQ(line.sender.id, 98);
  EXPECT_EQ(line.sender.name, "");
  EXPECT_EQ(line.to.id, 99);
  EXPECT_EQ(line.to.name, "");
}

TEST_F(MessageAdminStoreTest, ContentIsReadOnlyWhenItIsAskedFor) {
  say(single(alice_, bob_), alice_, "secret", 0);
  EXPECT_EQ(list({}).messages.at(0).body, "");
  EXPECT_EQ(list({}, 0, 10, Content::kShown).messages.at(0).body, R"({"data":"secret"})");
}

TEST_F(MessageAdminStoreTest, FiltersHoldTogether) {
  const auto chat = single(alice_, bob_);
  const auto climbers = group("climbers");
  const auto one = say(chat, alice_, "apples", 0);
  const auto two = say(chat, bob_, "pears", 1'000);
  const auto three = say(climbers, alice_, "Apples and pears", 2'000);
  const auto four = say(climbers, alice_, "", 3'000, 1, "image");
  EXPECT_THAT(positions({.senders = {alice_}}), ElementsAre(four, three, one));
  EXPECT_THAT(positions({.senders = {alice_, bob_}}), ElementsAre(four, three, two, one));
  EXPECT_THAT(positions({.groups = {group_}}), ElementsAre(four, three));
  EXPECT_THAT(positions({.groups = {GroupId(77)}}), IsEmpty());
  EXPECT_THAT(positions({.senders = {bob_}, .groups = {group_}}), IsEmpty());
  EXPECT_THAT(positions({.conversation = model::ConversationId(chat)}), ElementsAre(two, one));
  EXPECT_THAT(positions({.senders = {bob_}, .conversation = model::ConversationId(chat)}),
              ElementsAre(two));
  EXPECT_THAT(positions({.type = "image"}), ElementsAre(four));
  EXPECT_THAT(positions({.text = "apples"}), ElementsAre(three, one));
  EXPECT_THAT(positions({.text = "%"}), IsEmpty());
  EXPECT_THAT(positions({.text = std::string("a\0b", 3)}), IsEmpty());
  EXPECT_THAT(positions({.senders = {alice_}, .type = "text", .text = "and"}), ElementsAre(three));
}

TEST_F(MessageAdminStoreTest, ARangeOfTimeHoldsForEverySource) {
  constexpr std::int64_t kHour = 3'600'000;
  const auto chat = single(alice_, bob_);
  const auto climbers = group("climbers");
  std::vector<model::LogPosition> said;
  for (int hour = 0; hour < 10; ++hour) {
    said.push_back(say(chat, alice_, "tick", hour * kHour));
    say(climbers, bob_, "tock", hour * kHour);
  }
  const auto in_time = [&](MessageFilter filter) {
    filter.from = at(3 * kHour);
    filter.until = at(5 * kHour);
    return positions(std::move(filter));
  };
  EXPECT_THAT(in_time({}), ElementsAre(said[4] + 1, said[4], said[3] + 1, said[3]));
  EXPECT_THAT(in_time({.senders = {alice_}}), ElementsAre(said[4], said[3]));
  EXPECT_THAT(in_time({.groups = {group_}}), ElementsAre(said[4] + 1, said[3] + 1));
  EXPECT_THAT(in_time({.conversation = model::ConversationId(chat)}),
              ElementsAre(said[4], said[3]));
  EXPECT_THAT(walk({.from = at(8 * kHour)}, 1),
              ElementsAre(said[9] + 1, said[9], said[8] + 1, said[8]));
  EXPECT_THAT(positions({.from = at(11 * kHour)}), IsEmpty());
  EXPECT_THAT(positions({.senders = {alice_}, .until = at(-2 * kHour)}), IsEmpty());
}

TEST_F(MessageAdminStoreTest, ATimeIsFoundAfterTheClockWentBack) {
  const auto chat = single(alice_, bob_);
  const auto before = say(chat, alice_, "later", 100'000'000);
  const auto after = say(chat, alice_, "earlier", 0);
  EXPECT_THAT(positions({.from = at(50'000'000)}), ElementsAre(before));
  EXPECT_THAT(positions({.until = at(50'000'000)}), ElementsAre(after));
  EXPECT_THAT(walk({.from = at(-1)}, 1), ElementsAre(before, after));
}

TEST_F(MessageAdminStoreTest, SeveralSourcesAreMergedInOrder) {
  const auto chat = single(alice_, bob_);
  Positions all;
  for (int i = 0; i < 30; ++i) {
    all.insert(all.begin(), say(chat, i % 3 == 0 ? alice_ : bob_, "x", i * 1'000));
  }
  EXPECT_EQ(walk({.senders = {alice_, bob_}}, 4), all);
  EXPECT_EQ(walk({.senders = {alice_, bob_, carol_}, .text = "x"}, 7), all);
}

TEST_F(MessageAdminStoreTest, ASearchIsCutShortAndGoesOn) {
  const auto chat = single(alice_, bob_);
  const auto needle = say(chat, alice_, "needle", 0);
  say(chat, alice_, "hay", 1'000, static_cast<int>(MessageAdminStore::kMaxExamined));
  const MessageFilter filter{.text = "needle"};
  const auto page = list(filter);
  EXPECT_THAT(page.messages, IsEmpty());
  EXPECT_TRUE(page.is_cut_short);
  EXPECT_EQ(page.next, needle + 1);
  EXPECT_THAT(positions(filter, page.next), ElementsAre(needle));
  EXPECT_EQ(walk({.senders = {alice_, bob_}, .text = "needle"}, 5), Positions{needle});
  EXPECT_EQ(walk({.from = at(-1), .text = "needle"}, 5), Positions{needle});
  EXPECT_EQ(walk({.conversation = model::ConversationId(chat), .text = "needle"}, 5),
            Positions{needle});
}

TEST_F(MessageAdminStoreTest, APageFarBackInAConversationCostsNoMore) {
  const auto chat = single(alice_, bob_);
  const auto last = say(chat, alice_, "x", 0, 5'000);
  const MessageFilter filter{.conversation = model::ConversationId(chat)};
  EXPECT_THAT(positions(filter, last - 4'000, 2), ElementsAre(last - 4'001, last - 4'002));
  EXPECT_LT(counting_.reads, 20u);
}

TEST_F(MessageAdminStoreTest, AMessageIsFoundWithItsNeighbours) {
  const auto chat = single(alice_, bob_);
  const auto first = say(chat, alice_, "x", 0, 10);
  say(single(alice_, carol_), carol_, "elsewhere", 20'000);
  const auto detail = run(messages_->find(first - 1, 3, Content::kShown, soon()));
  ASSERT_TRUE(detail && *detail);
  EXPECT_EQ((*detail)->message.position, first - 1);
  Positions around;
  for (const auto& line : (*detail)->around) around.push_back(line.position);
  EXPECT_THAT(around, ElementsAre(first - 4, first - 3, first - 2, first - 1, first));
  EXPECT_EQ((*detail)->around.at(0).body, R"({"data":"x"})");
  const auto none = run(messages_->find(999, 3, Content::kShown, soon()));
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
}

TEST_F(MessageAdminStoreTest, ARecallIsFromWhomItIsHidden) {
  const auto chat = single(alice_, bob_);
  say(chat, UserId(), "withdrawn", 0, 1, "systemNotice");
  ASSERT_TRUE(write("UPDATE message SET hidden_from = " + std::to_string(bob_.value) +
                    ", recalled_at = " + std::to_string(to_millis(at(9)))));
  const auto line = list({}).messages.at(0);
  EXPECT_EQ(line.sender.id, 0);
  EXPECT_EQ(line.to.name, "alice");
  EXPECT_EQ(line.recalled_at, at(9));
}

// No source may cost a pass over the log, or sort what it finds.
TEST_F(MessageAdminStoreTest, EachSourceIsReadAlongItsIndex) {
  const auto plan = [&](std::string_view statement) {
    std::string text;
    const std::string sql = "EXPLAIN QUERY PLAN " + std::string(statement);
    const Param params[] = {std::int64_t{9},
                            std::int64_t{0},
                            std::int64_t{1},
                            "",
                            "",
                            std::int64_t{0},
                            std::int64_t{9},
                            "{}",
                            std::int64_t{1}};
    const bool has_owner = statement.find("$9") != std::string_view::npos;
    Database::Job job = [&](Connection& c) {
      return c.query(sql, std::span(params).first(has_owner ? 9 : 8),
                     [&](const Row& row) { text += std::string(row.text(3)) + '\n'; });
    };
    EXPECT_TRUE(run(db_->read(std::move(job), soon())));
    return text;
  };
  const auto statements = message_scan_statements();
  ASSERT_EQ(statements.size(), 4u);
  const auto in_order = [](const char* index) {
    return AllOf(HasSubstr(index), Not(HasSubstr("SCAN message")), Not(HasSubstr("TEMP B-TREE")));
  };
  EXPECT_THAT(plan(statements[0]), in_order("INTEGER PRIMARY KEY"));
  EXPECT_THAT(plan(statements[1]), in_order("message_by_sender"));
  EXPECT_THAT(plan(statements[2]), in_order("message_log"));
  EXPECT_THAT(plan(statements[3]), in_order("message_by_time"));
}

}  // namespace
}  // namespace qn::store
