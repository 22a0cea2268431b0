#include <gmock/gmock.h>

#include "chat/figures.h"
#include "support/chat_world.h"

namespace qn::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class FiguresTest : public ::testing::Test {
 protected:
  // 2026-11-22 as it begins in China.
  static constexpr Time kMidnight{Millis(1'795'276'800'000)};

  FiguresTest() { world_.clock.set(kMidnight + 12h); }

  static Deadline soon() { return ChatWorld::soon(); }
  store::FigureStore::Now now() { return *world_.run(figures_.now(soon())); }
  void record() { ASSERT_TRUE(world_.run(figures_.record(soon())).has_value()); }
  std::vector<std::string> history(const std::string& name, int days) {
    std::vector<std::string> out;
    const auto found = world_.run(figures_.history(name, days, soon()));
    for (const auto& day : *found) {
      out.push_back(day.day + '=' + std::to_string(day.value));
    }
    return out;
  }

  ChatWorld world_;
  std::unique_ptr<store::FigureStore> store_ = store::make_figure_store(*world_.db);
  chat::Figures figures_{*store_, world_.clock, 8h};
};

TEST_F(FiguresTest, ADayBeginsInTheServersTimeZone) {
  world_.clock.set(kMidnight - 1ms);
  world_.add_user("yesterday");
  world_.clock.set(kMidnight);
  world_.add_user("today_01");
  EXPECT_EQ(now().users, 2);
  EXPECT_EQ(now().new_users, 1);
  EXPECT_EQ(now().active_users, 1);
}

TEST_F(FiguresTest, TheDayOfARecordMovesOn) {
  record();
  world_.add_user("alice_01");
  record();
  world_.clock.advance(12h);
  record();
  world_.clock.advance(48h);
  world_.add_user("bob_0001");
  record();
  EXPECT_THAT(history("users", 5), ElementsAre("2026-11-21=0", "2026-11-22=1", "2026-11-23=1",
                                               "2026-11-24=0", "2026-11-25=2"));
  EXPECT_THAT(history("new_users", 4),
              ElementsAre("2026-11-22=1", "2026-11-23=0", "2026-11-24=0", "2026-11-25=1"));
  EXPECT_THAT(history("nothing", 1), ElementsAre("2026-11-25=0"));
  EXPECT_EQ(history("users", 0).size(), 1u);
  EXPECT_EQ(history("users", 1'000'000).size(), 3660u);
}

TEST_F(FiguresTest, MonthsAndYearsEndWhereTheyDo) {
  world_.clock.set(kMidnight + std::chrono::days(100));
  const auto days = history("users", 2);
  EXPECT_THAT(days, ElementsAre("2027-03-01=0", "2027-03-02=0"));
  EXPECT_EQ(history("users", 62).at(0), "2026-12-31=0");
}

}  // namespace
}  // namespace qn::test
