#include "store/complaint_store.h"

#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using model::ComplaintStatus;
using model::ComplaintTarget;
using test::at;
using test::operator_at;
using test::run;
using test::soon;
using Edited = ComplaintStore::Edited;

class ComplaintStoreTest : public test::StoreTest {
 protected:
  ComplaintStoreTest() : complaints_(make_complaint_store(counting_)) {
    alice_ = create("alice");
    bob_ = create("bob");
    EXPECT_TRUE(write(R"(INSERT INTO "group" (id, uuid, user_id, name, create_time, update_time)
                         VALUES (50, 'u', 1, 'friends', 0, 0))"));
    forget_cost();
  }

  NewComplaint about(std::int64_t target, const std::string& reason = "spam") {
    return {.user = alice_,
            .target_id = target,
            .target_name = "bobby",
            .reason = reason,
            .content = "words",
            .images = {"/a.png", "/b.png"},
            .quotes = R"([{"data":"x"}])",
            .now = at(1)};
  }
  ComplaintId add(NewComplaint complaint) {
    const auto id = run(complaints_->create(std::move(complaint), soon()));
    EXPECT_TRUE(id && *id);
    return id && *id ? **id : ComplaintId();
  }
  std::optional<model::Complaint> find(ComplaintId id) {
    auto found = run(complaints_->find(id, soon()));
    EXPECT_TRUE(found);
    return found ? *found : std::nullopt;
  }
  ComplaintStore::Page list(ComplaintStore::Filter filter = {}, int limit = 10, int offset = 0) {
    auto page = run(complaints_->list(std::move(filter), limit, offset, soon()));
    EXPECT_TRUE(page);
    return page ? *page : ComplaintStore::Page();
  }
  Edited edit(UserId user, ComplaintId id, ComplaintStore::Edit edit) {
    edit.now = at(5);
    return *run(complaints_->edit(user, id, std::move(edit), soon()));
  }
  bool set_status(ComplaintId id, ComplaintStatus status, const std::string& reply = "") {
    return *run(complaints_->set_status(id, status, reply, operator_at(9), soon()));
  }

  std::unique_ptr<ComplaintStore> complaints_;
  UserId alice_;
  UserId bob_;
};

TEST_F(ComplaintStoreTest, AComplaintIsStoredWhole) {
  const auto id = add(about(bob_.value));
  expect_cost(1, 0);
  const auto c = find(id);
  expect_cost(0, 1);
  ASSERT_TRUE(c);
  EXPECT_EQ(c->user, alice_);
  EXPECT_EQ(c->author->username, "alice");
  EXPECT_EQ(c->target_type, ComplaintTarget::kSingle);
  EXPECT_EQ(c->target_id, bob_.value);
  EXPECT_EQ(c->target_name, "bobby");
  EXPECT_EQ(c->reason, "spam");
  EXPECT_EQ(c->content, "words");
  EXPECT_EQ(c->images, (std::vector<std::string>{"/a.png", "/b.png"}));
  EXPECT_EQ(c->quotes, R"([{"data":"x"}])");
  EXPECT_EQ(c->status, ComplaintStatus::kPending);
  EXPECT_FALSE(c->admin_reply.has_value());
  EXPECT_EQ(c->create_time, at(1));
}

// Defect S24: a complaint could be about nobody.
TEST_F(ComplaintStoreTest, TheTargetMustExistAndBeOfItsKind) {
  EXPECT_FALSE(run(complaints_->create(about(999), soon()))->has_value());
  EXPECT_FALSE(run(complaints_->create(about(50), soon()))->has_value());
  auto group = about(50);
  group.target_type = ComplaintTarget::kGroup;
  EXPECT_EQ(find(add(group))->target_type, ComplaintTarget::kGroup);
}

TEST_F(ComplaintStoreTest, PeopleReachTheirOwnOnly) {
  const auto id = add(about(bob_.value));
  const auto newer = add(about(bob_.value, "newer"));
  forget_cost();
  const auto mine = *run(complaints_->list_of(alice_, 10, soon()));
  expect_cost(0, 1);
  ASSERT_EQ(mine.size(), 2u);
  EXPECT_EQ(mine[0].id, newer);
  EXPECT_EQ(run(complaints_->list_of(alice_, 1, soon()))->size(), 1u);
  EXPECT_TRUE(run(complaints_->list_of(bob_, 10, soon()))->empty());
  EXPECT_TRUE(run(complaints_->find_own(alice_, id, soon()))->has_value());
  EXPECT_FALSE(run(complaints_->find_own(bob_, id, soon()))->has_value());
  EXPECT_EQ(edit(bob_, id, {.content = "x"}), Edited::kMissing);
  EXPECT_FALSE(*run(complaints_->remove(bob_, id, at(2), soon())));
}

TEST_F(ComplaintStoreTest, AnEditKeepsWhatIsNotGivenAndEndsWithTheFirstStatus) {
  const auto id = add(about(bob_.value));
  forget_cost();
  EXPECT_EQ(edit(alice_, id, {.content = "more"}), Edited::kYes);
  expect_cost(1, 0);
  EXPECT_EQ(find(id)->images.size(), 2u);
  EXPECT_EQ(edit(alice_, id, {.images = std::vector<std::string>()}), Edited::kYes);
  const auto c = find(id);
  EXPECT_EQ(c->content, "more");
  EXPECT_TRUE(c->images.empty());
  EXPECT_EQ(c->update_time, at(5));
  set_status(id, ComplaintStatus::kProcessing);
  EXPECT_EQ(edit(alice_, id, {.content = "late"}), Edited::kNotPending);
  EXPECT_EQ(find(id)->content, "more");
}

TEST_F(ComplaintStoreTest, ADeletedComplaintIsGoneForEverybody) {
  const auto id = add(about(bob_.value));
  forget_cost();
  EXPECT_TRUE(*run(complaints_->remove(alice_, id, at(2), soon())));
  expect_cost(1, 0);
  EXPECT_FALSE(*run(complaints_->remove(alice_, id, at(2), soon())));
  EXPECT_FALSE(find(id));
  EXPECT_EQ(list().total, 0);
  EXPECT_TRUE(run(complaints_->list_of(alice_, 10, soon()))->empty());
  EXPECT_EQ(edit(alice_, id, {.content = "x"}), Edited::kMissing);
  EXPECT_FALSE(set_status(id, ComplaintStatus::kClosed));
  EXPECT_EQ(number("SELECT count(*) FROM chat_complaint"), 1);
}

TEST_F(ComplaintStoreTest, OperatorsFilterAndSearch) {
  const auto first = add(about(bob_.value, "骚扰 100%"));
  auto group = about(50, "fraud");
  group.target_type = ComplaintTarget::kGroup;
  group.user = bob_;
  const auto second = add(group);
  set_status(second, ComplaintStatus::kHandled);
  forget_cost();
  EXPECT_EQ(list().total, 2);
  expect_cost(0, 2);
  EXPECT_EQ(list({}, 1, 0).complaints.at(0).id, second);
  EXPECT_EQ(list({}, 1, 1).complaints.at(0).id, first);
  const auto only = [&](ComplaintStore::Filter filter) {
    const auto page = list(std::move(filter));
    return page.total == 1 ? page.complaints.at(0).id : ComplaintId();
  };
  EXPECT_EQ(only({.status = ComplaintStatus::kHandled}), second);
  EXPECT_EQ(only({.target_type = ComplaintTarget::kSingle}), first);
  EXPECT_EQ(only({.keyword = "0%"}), first);
  EXPECT_EQ(only({.keyword = "alice"}), first);
  EXPECT_EQ(only({.keyword = "50"}), second);
  EXPECT_EQ(list({.keyword = "_"}).total, 0);
  EXPECT_EQ(list({.keyword = std::string("a\0b", 3)}).total, 0);
}

TEST_F(ComplaintStoreTest, AStatusIsWrittenWithItsAuditEntry) {
  const auto id = add(about(bob_.value));
  forget_cost();
  EXPECT_TRUE(set_status(id, ComplaintStatus::kProcessing, "we look at it"));
  expect_cost(3, 0);
  EXPECT_TRUE(set_status(id, ComplaintStatus::kHandled));
  const auto c = find(id);
  EXPECT_EQ(c->status, ComplaintStatus::kHandled);
  EXPECT_EQ(c->admin_reply, "we look at it");
  EXPECT_EQ(c->update_time, at(9));
  const auto log = audit({.action = "complaint.update"});
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log[0].before, R"({"status":1})");
  EXPECT_EQ(log[0].after, R"({"status":2})");
  EXPECT_EQ(log[1].before, R"({"status":0,"admin_reply":null})");
  EXPECT_EQ(log[1].after, R"({"status":1,"admin_reply":"we look at it"})");
  EXPECT_EQ(log[1].target_id, id.value);
  EXPECT_EQ(log[1].target_name, "bobby");
  EXPECT_TRUE(set_status(id, ComplaintStatus::kHandled));
  EXPECT_EQ(audit({.action = "complaint.update"}).size(), 2u);
}

TEST_F(ComplaintStoreTest, AComplaintOutlivesItsAuthor) {
  const auto id = add(about(bob_.value));
  EXPECT_TRUE(write(R"(DELETE FROM "group")"));
  EXPECT_TRUE(write(R"(DELETE FROM "user" WHERE username = 'alice')"));
  const auto c = find(id);
  ASSERT_TRUE(c);
  EXPECT_FALSE(c->author.has_value());
  EXPECT_EQ(c->user, alice_);
}

}  // namespace
}  // namespace qn::store
