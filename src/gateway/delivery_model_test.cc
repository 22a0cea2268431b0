#include "support/delivery_model.h"

#include <gtest/gtest.h>

#include <random>

namespace qn::gateway {
namespace {

using test::DeliveryModel;

// Some seconds; the fuzz target goes on where this ends.
constexpr unsigned kRuns = 1'500;

class DeliveryModelTest : public testing::TestWithParam<DeliveryModel::Clients> {};

// Thousands of orders in which things may happen: commits, answers of the store,
// pongs, sockets that come, go and break.
TEST_P(DeliveryModelTest, EverythingArrivesWhateverTheOrderOfEvents) {
  std::size_t sent = 0;
  std::size_t repeated = 0;
  for (unsigned seed = 1; seed <= kRuns; ++seed) {
    std::mt19937 random(seed);
    DeliveryModel model([&](std::uint32_t bound) { return random() % bound; }, GetParam());
    for (int i = 0; i < 300; ++i) model.step();
    model.finish();
    ASSERT_EQ(model.failure(), "") << "seed " << seed;
    sent += model.sent();
    repeated += model.repeated();
  }
  EXPECT_GT(sent, 20'000u);
  EXPECT_GT(repeated, 500u);  // breaks happened
  EXPECT_LT(repeated, sent / 3);
}

INSTANTIATE_TEST_SUITE_P(Clients, DeliveryModelTest,
                         testing::Values(DeliveryModel::Clients::kOld,
                                         DeliveryModel::Clients::kAcknowledging,
                                         DeliveryModel::Clients::kMixed));

}  // namespace
}  // namespace qn::gateway
