#include "store/resumable_store.h"

#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using Finished = ResumableStore::Finished;
using model::UploadOwner;
using test::at;
using test::run;
using test::soon;

const UploadQuota kQuota{time_from_millis(0), 100};

class ResumableStoreTest : public test::StoreTest {
 protected:
  ResumableStoreTest()
      : alice_(create("alice")),
        bob_(create("bob")),
        uploads_(make_upload_store(counting_)),
        rows_(make_resumable_store(counting_)) {
    forget_cost();
  }

  bool begin(const std::string& id, std::uint64_t bytes, std::int64_t ms = 0,
             std::size_t most_open = 3) {
    const auto begun = run(rows_->begin({id, alice_, "chatVideos", "a.mp4", bytes, "", at(ms)},
                                        kQuota, most_open, soon()));
    EXPECT_TRUE(begun);
    return *begun;
  }
  std::optional<model::ResumableUpload> find(const std::string& id, UserId user) {
    const auto found = run(rows_->find(id, user, soon()));
    EXPECT_TRUE(found);
    return *found;
  }
  model::Upload file(const std::string& url, std::uint64_t bytes) {
    return {{UploadOwner::Kind::kUser, alice_.value}, url, "a.mp4", "video/mp4", bytes, at(5)};
  }
  Finished finish(const std::string& id, const std::string& url, std::uint64_t bytes) {
    const auto finished = run(rows_->finish(id, file(url, bytes), kQuota, soon()));
    EXPECT_TRUE(finished);
    return *finished;
  }

  const UserId alice_, bob_;
  std::unique_ptr<UploadStore> uploads_;
  std::unique_ptr<ResumableStore> rows_;
};

TEST_F(ResumableStoreTest, IsFoundByItsOwnerOnly) {
  EXPECT_TRUE(begin("a", 7));
  expect_cost(1, 0);
  const auto found = find("a", alice_);
  expect_cost(0, 1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, "a");
  EXPECT_EQ(found->user, alice_);
  EXPECT_EQ(found->folder, "chatVideos");
  EXPECT_EQ(found->name, "a.mp4");
  EXPECT_EQ(found->bytes, 7u);
  EXPECT_EQ(found->url, "");
  EXPECT_EQ(found->created_at, at(0));
  EXPECT_FALSE(find("a", bob_));
  EXPECT_FALSE(find("b", alice_));
}

TEST_F(ResumableStoreTest, UnfinishedOnesCountForTheQuota) {
  EXPECT_TRUE(run(uploads_->add(file("/1", 30), kQuota, soon())));
  EXPECT_TRUE(begin("a", 50));
  EXPECT_FALSE(begin("b", 21));
  EXPECT_TRUE(begin("c", 20));
}

TEST_F(ResumableStoreTest, OnlySomeMayBeUnfinished) {
  EXPECT_TRUE(begin("a", 1, 0, 2));
  EXPECT_TRUE(begin("b", 1, 0, 2));
  EXPECT_FALSE(begin("c", 1, 0, 2));
  EXPECT_EQ(finish("a", "/a", 1), Finished::kDone);
  EXPECT_TRUE(begin("c", 1, 0, 2));
}

TEST_F(ResumableStoreTest, IsFinishedOnceTogetherWithItsFile) {
  EXPECT_TRUE(begin("a", 60));
  forget_cost();
  EXPECT_EQ(finish("a", "/a", 60), Finished::kDone);
  expect_cost(2, 0);
  EXPECT_EQ(find("a", alice_)->url, "/a");
  EXPECT_EQ(finish("a", "/again", 10), Finished::kTooLate);
  EXPECT_EQ(finish("gone", "/gone", 10), Finished::kTooLate);
  EXPECT_EQ(number("SELECT count(*) FROM upload"), 1);
  EXPECT_EQ(find("a", alice_)->url, "/a");
}

TEST_F(ResumableStoreTest, WithoutQuotaItStaysUnfinished) {
  EXPECT_TRUE(begin("a", 60));
  EXPECT_TRUE(run(uploads_->add(file("/1", 50), kQuota, soon())));
  EXPECT_EQ(finish("a", "/a", 60), Finished::kOverQuota);
  EXPECT_EQ(find("a", alice_)->url, "");
  EXPECT_EQ(number("SELECT count(*) FROM upload"), 1);
}

TEST_F(ResumableStoreTest, ThoseLeftAloneGo) {
  EXPECT_TRUE(begin("old", 1, 0));
  EXPECT_TRUE(begin("used", 1, 0));
  EXPECT_TRUE(begin("new", 1, 10));
  EXPECT_EQ(*run(rows_->touch("used", alice_, at(10), soon())), true);
  EXPECT_EQ(*run(rows_->touch("used", bob_, at(99), soon())), false);
  EXPECT_EQ(*run(rows_->remove_older(at(10), soon())), 1);
  EXPECT_EQ(*run(rows_->touch("old", alice_, at(10), soon())), false);
  EXPECT_TRUE(run(rows_->remove("new", soon())));
  EXPECT_EQ(*run(rows_->open_ids(soon())), std::vector<std::string>{"used"});
  EXPECT_EQ(finish("used", "/used", 1), Finished::kDone);
  EXPECT_EQ(*run(rows_->open_ids(soon())), std::vector<std::string>());
}

}  // namespace
}  // namespace qn::store
