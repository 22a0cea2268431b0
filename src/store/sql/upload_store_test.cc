#include "store/upload_store.h"

#include "store/sql/store_test_fixture.h"

namespace qn::store {
namespace {

using model::UploadOwner;
using test::at;
using test::run;
using test::soon;

constexpr UploadOwner kAlice{UploadOwner::Kind::kUser, 1};
constexpr UploadOwner kManager{UploadOwner::Kind::kManager, 1};

class UploadStoreTest : public test::StoreTest {
 protected:
  UploadStoreTest() : uploads_(make_upload_store(counting_)) {}

  // Whether the file fits into 100 bytes since second 10.
  bool add(UploadOwner owner, std::uint64_t bytes, int second) {
    const std::string url = "/public/uploads/" + std::to_string(++count_);
    const auto added = run(uploads_->add({owner, url, "a.png", "image/png", bytes, at(second)},
                                         {at(10), 100}, soon()));
    EXPECT_TRUE(added);
    return *added;
  }
  std::uint64_t used(UploadOwner owner, int since) {
    const auto sum = run(uploads_->used(owner, at(since), soon()));
    EXPECT_TRUE(sum);
    return *sum;
  }

  std::unique_ptr<UploadStore> uploads_;
  int count_ = 0;
};

TEST_F(UploadStoreTest, AFileIsStoredInOneStatement) {
  EXPECT_TRUE(add(kAlice, 7, 12));
  expect_cost(1, 0);
  EXPECT_EQ(number("SELECT count(*) FROM upload WHERE owner_type = 'user' AND owner_id = 1 AND "
                   "name = 'a.png' AND mime = 'image/png' AND bytes = 7"),
            1);
}

TEST_F(UploadStoreTest, TheQuotaIsExactAndCountsFromItsMoment) {
  EXPECT_TRUE(add(kAlice, 100, 9));  // before
  EXPECT_TRUE(add(kAlice, 60, 10));
  EXPECT_FALSE(add(kAlice, 41, 11));
  EXPECT_TRUE(add(kAlice, 40, 12));
  EXPECT_FALSE(add(kAlice, 1, 13));
  EXPECT_EQ(used(kAlice, 10), 100u);
  EXPECT_EQ(used(kAlice, 0), 200u);
  EXPECT_EQ(used(kAlice, 14), 0u);
}

TEST_F(UploadStoreTest, UsersAndManagersAreDifferentOwners) {
  EXPECT_TRUE(add(kAlice, 100, 10));
  EXPECT_TRUE(add(kManager, 100, 10));
  EXPECT_EQ(used(kManager, 0), 100u);
}

}  // namespace
}  // namespace qn::store
