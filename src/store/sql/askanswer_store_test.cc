#include "store/askanswer_store.h"

#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using test::at;
using test::failure;
using test::run;
using test::soon;
using Saved = AskAnswerStore::Saved;

class AskAnswerStoreTest : public test::StoreTest {
 protected:
  AskAnswerStoreTest() : entries_(make_askanswer_store(counting_)) {
    alice_ = create("alice");
    bob_ = create("bob");
    forget_cost();
  }

  NewAskAnswer entry(const std::string& ask, std::int64_t ms = 1) {
    return {alice_, "single", ask, "answer of " + ask, at(ms)};
  }
  Saved save(NewAskAnswer entry, int cap = 100) {
    const auto saved = run(entries_->save(std::move(entry), cap, soon()));
    EXPECT_TRUE(saved);
    return saved ? *saved : Saved::kFull;
  }
  std::vector<model::AskAnswer> list(UserId owner, const std::string& type = "single") {
    auto found = run(entries_->list(owner, type, soon()));
    EXPECT_TRUE(found);
    return found ? *found : std::vector<model::AskAnswer>();
  }
  std::int64_t id_of(int ms) { return to_millis(at(ms)); }

  std::unique_ptr<AskAnswerStore> entries_;
  UserId alice_;
  UserId bob_;
};

TEST_F(AskAnswerStoreTest, AnEntryIsStoredAndListedNewestFirst) {
  EXPECT_EQ(save(entry("a", 1)), Saved::kCreated);
  expect_cost(2, 0);
  EXPECT_EQ(save(entry("b", 5)), Saved::kCreated);
  forget_cost();
  const auto found = list(alice_);
  expect_cost(0, 1);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].ask, "b");
  EXPECT_EQ(found[0].answer, "answer of b");
  EXPECT_EQ(found[0].id.value, id_of(5));
  EXPECT_EQ(found[0].create_time, at(5));
  EXPECT_EQ(found[0].like_count, 0);
  EXPECT_FALSE(found[0].liked);
  EXPECT_EQ(found[1].ask, "a");
}

TEST_F(AskAnswerStoreTest, IdsOfOneMillisecondDiffer) {
  for (const char* ask : {"a", "b", "c"}) save(entry(ask, 7));
  const auto found = list(alice_);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].id.value, id_of(7) + 2);
  EXPECT_EQ(found[2].id.value, id_of(7));
  NewAskAnswer of_bob{bob_, "single", "a", "x", at(7)};
  save(of_bob);
  EXPECT_EQ(list(bob_)[0].id.value, id_of(7));
}

TEST_F(AskAnswerStoreTest, TheSameQuestionGetsTheNewAnswer) {
  save(entry("a", 1));
  auto again = entry("a", 9);
  again.answer = "other";
  forget_cost();
  EXPECT_EQ(save(again, 1), Saved::kReplaced);
  expect_cost(1, 0);
  const auto found = list(alice_);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].answer, "other");
  EXPECT_EQ(found[0].create_time, at(1));
  EXPECT_EQ(found[0].update_time, at(9));
}

TEST_F(AskAnswerStoreTest, TheCapHoldsWhenManyComeAtOnce) {
  test::Together<Result<Saved>> together;
  for (int i = 0; i < 30; ++i) {
    together.start(entries_->save(entry("question " + std::to_string(i % 20)), 10, soon()));
  }
  int created = 0;
  for (const auto& saved : together.finish()) created += saved && *saved == Saved::kCreated;
  EXPECT_EQ(created, 10);
  EXPECT_EQ(list(alice_).size(), 10u);
}

TEST_F(AskAnswerStoreTest, AnUpdateReachesOnlyTheOwnersEntry) {
  save(entry("a", 1));
  save(entry("b", 2));
  const AskAnswerId id(id_of(1));
  forget_cost();
  EXPECT_TRUE(*run(entries_->update(id, entry("c", 3), soon())));
  expect_cost(1, 0);
  EXPECT_EQ(run(entries_->find(alice_, id, soon()))->value().ask, "c");
  auto foreign = entry("d", 3);
  foreign.owner = bob_;
  EXPECT_FALSE(*run(entries_->update(id, foreign, soon())));
  auto other_type = entry("d", 3);
  other_type.type = "group";
  EXPECT_FALSE(*run(entries_->update(id, other_type, soon())));
  EXPECT_EQ(failure(run(entries_->update(id, entry("b", 3), soon()))), ErrorCode::kConflict);
}

TEST_F(AskAnswerStoreTest, RemovingAndFindingNeedTheOwner) {
  save(entry("a", 1));
  const AskAnswerId id(id_of(1));
  EXPECT_FALSE(run(entries_->find(bob_, id, soon()))->has_value());
  EXPECT_FALSE(*run(entries_->remove(bob_, id, soon())));
  forget_cost();
  EXPECT_TRUE(*run(entries_->remove(alice_, id, soon())));
  expect_cost(1, 0);
  EXPECT_FALSE(*run(entries_->remove(alice_, id, soon())));
}

TEST_F(AskAnswerStoreTest, VisitingCostsOneStatementForAnyNumber) {
  for (int i = 0; i < 40; ++i) save(entry(std::to_string(i), i));
  forget_cost();
  int seen = 0;
  AskAnswerStore::Visitor visitor = [&](const model::AskAnswer&) { ++seen; };
  EXPECT_TRUE(run(entries_->visit(alice_, "single", std::move(visitor), soon())));
  expect_cost(0, 1);
  EXPECT_EQ(seen, 40);
  EXPECT_TRUE(list(alice_, "group").empty());
}

}  // namespace
}  // namespace qn::store
