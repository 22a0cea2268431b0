#include <gmock/gmock.h>

#include "base/bytes.h"
#include "base/text.h"
#include "chat/texts.h"
#include "support/chat_world.h"

namespace qn::test {
namespace {

using testing::MatchesRegex;
using testing::SizeIs;

class ConsoleSessionsTest : public ::testing::Test {
 protected:
  static Deadline soon() { return ChatWorld::soon(); }
  Result<std::string> login(const std::string& name, const std::string& password = "123456",
                            const std::string& address = "192.0.2.1") {
    return world_.run(world_.console->login(name, password, {address, "browser"}, soon()));
  }
  std::string text(const std::string& name, const std::string& password = "123456") {
    const auto result = login(name, password);
    return result.has_value() ? "ok" : result.error().text;
  }
  std::optional<chat::Operator> authenticate(const std::string& cookie) {
    auto op = world_.run(world_.console->authenticate(cookie, {"192.0.2.2", "other"}, soon()));
    EXPECT_TRUE(op.has_value());
    return *op;
  }
  void expect_failures(std::size_t count) {
    EXPECT_THAT(world_.audit({.action = "manager.login_failed"}), SizeIs(count));
  }

  ChatWorld world_;
};

TEST_F(ConsoleSessionsTest, TheCookieIsKeptAsItsHashOnly) {
  world_.root();
  const auto cookie = login("root");
  ASSERT_TRUE(cookie.has_value());
  EXPECT_THAT(*cookie, MatchesRegex("[0-9a-f]{64}"));
  const auto op = authenticate(*cookie);
  ASSERT_TRUE(op);
  EXPECT_EQ(op->manager.username, "root");
  EXPECT_EQ(op->session, sha256_hex(*cookie));
  EXPECT_THAT(op->csrf, MatchesRegex("[0-9a-f]{64}"));
  EXPECT_NE(op->csrf, *cookie);
  EXPECT_EQ(op->origin.address, "192.0.2.2") << "of this request";
  EXPECT_FALSE(authenticate(op->session)) << "the stored value opens nothing";
  const auto entry = world_.audit({.action = "manager.login"}).at(0);
  EXPECT_EQ(entry.manager, op->manager.id);
  EXPECT_EQ(entry.manager_name, "root");
  EXPECT_EQ(entry.address, "192.0.2.1");
}

TEST_F(ConsoleSessionsTest, StrangeCookiesOpenNothing) {
  const auto cookie = *login(world_.root().manager.username);
  std::string upper = cookie;
  for (char& c : upper) c = c >= 'a' ? static_cast<char>(c - 32) : c;
  for (const std::string& value :
       {std::string(), std::string("x"), std::string(64, '0'), cookie.substr(1), cookie + "0",
        std::string(64, '\0'), std::string(100'000, 'a')}) {
    EXPECT_FALSE(authenticate(value));
  }
  EXPECT_EQ(authenticate(upper).has_value(), upper == cookie);
  EXPECT_TRUE(authenticate(cookie));
}

TEST_F(ConsoleSessionsTest, FailuresSayWhatTheContractSaysAndAreNoted) {
  const auto lisi = world_.add_operator("lisi", false);
  EXPECT_EQ(text("nobody"), "管理员不存在或者被禁用");
  EXPECT_EQ(text("lisi", "wrong!"), "密码错误");
  ASSERT_TRUE(
      world_.run(world_.managers->set_enabled(world_.root(), lisi.manager.id, false, soon()))
          .has_value());
  EXPECT_EQ(text("lisi"), "管理员不存在或者被禁用");
  expect_failures(3);
  const auto entry = world_.audit({.action = "manager.login_failed"}).at(1);
  EXPECT_FALSE(entry.manager);
  EXPECT_EQ(entry.target_name, "lisi");
  EXPECT_EQ(entry.address, "192.0.2.1");
  EXPECT_EQ(entry.after, "") << "no password";
}

// The time of an answer must not tell which names exist.
TEST_F(ConsoleSessionsTest, AnUnknownNameCostsAHashToo) {
  world_.root();
  world_.hashing.stop();
  for (const char* name : {"root", "nobody"}) {
    const auto result = login(name);
    ASSERT_FALSE(result.has_value());
    EXPECT_NE(result.error().code, ErrorCode::kRefused) << name;
  }
}

TEST_F(ConsoleSessionsTest, ANameIsReadInAnySpelling) {
  world_.root();
  EXPECT_EQ(text("ROOT"), "ok");
  EXPECT_EQ(text("\xef\xbd\x92oot"), "ok") << "full-width r";
}

TEST_F(ConsoleSessionsTest, ALongNameIsNotedShort) {
  std::string name;
  for (int i = 0; i < 1'000; ++i) name += "爱\u0315";
  EXPECT_EQ(text(name), "管理员不存在或者被禁用");
  const auto entry = world_.audit().at(0);
  EXPECT_EQ(count_code_points(entry.target_name), 64u);
  EXPECT_EQ(entry.target_name, name.substr(0, entry.target_name.size()));
  EXPECT_TRUE(is_utf8(entry.target_name));
}

// Defect D-11. Refused attempts cost no hash and no audit entry.
TEST_F(ConsoleSessionsTest, FailuresToOneAccountFromOneAddressAreLimited) {
  world_.root();
  for (const char* name : {"root", "nobody"}) {
    for (int i = 0; i < 10; ++i) EXPECT_NE(text(name, "wrong!"), "请求过于频繁，请5分钟后再试");
    EXPECT_EQ(text(name), "请求过于频繁，请5分钟后再试") << "also with the right password";
  }
  expect_failures(20);
  EXPECT_TRUE(login("root", "123456", "192.0.2.77").has_value()) << "the owner elsewhere";
  world_.clock.advance(std::chrono::minutes(5));
  EXPECT_EQ(text("root"), "ok");
}

TEST_F(ConsoleSessionsTest, ASuccessForgetsTheFailures) {
  world_.root();
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 9; ++i) EXPECT_EQ(text("root", "wrong!"), "密码错误");
    EXPECT_EQ(text("root"), "ok");
  }
}

TEST_F(ConsoleSessionsTest, AttemptsFromOneAddressAreLimited) {
  world_.root();
  chat::RateLimits limits(*world_.cache, chat::RateOptions(), world_.metrics);
  chat::ConsoleSessions console({*world_.manager_rows, *world_.audit_rows}, world_.passwords,
                                limits, world_.random, world_.clock, {});
  const auto attempt = [&](const std::string& name, const std::string& address) {
    const auto result = world_.run(console.login(name, "123456", {address, ""}, soon()));
    return result.has_value() ? "ok" : result.error().text;
  };
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(attempt("nobody" + std::to_string(i), "192.0.2.3"), "管理员不存在或者被禁用");
  }
  EXPECT_EQ(attempt("root", "192.0.2.3"), "请求过于频繁，请1分钟后再试");
  EXPECT_EQ(attempt("root", "192.0.2.4"), "ok");
}

TEST_F(ConsoleSessionsTest, AnOutdatedHashIsReplacedAtLogin) {
  store::NewManager old;
  old.username = old.username_key = "old";
  old.password_hash = sha256_hex("123456");  // the reference's form (defect D-05)
  const store::Actor actor{{}, "test", "", world_.clock.now()};
  ASSERT_TRUE(world_.run(world_.manager_rows->create(old, actor, soon())).has_value());
  EXPECT_EQ(text("old", "wrong!"), "密码错误");
  EXPECT_EQ(text("old"), "ok");
  const auto row = world_.run(world_.manager_rows->find_credentials("old", soon()));
  EXPECT_TRUE((*row)->password_hash.starts_with("$argon2id$"));
  EXPECT_EQ(text("old"), "ok");
}

// Defect D-07: rights were frozen at login.
TEST_F(ConsoleSessionsTest, EveryRequestSeesTheManagerAsItIs) {
  const auto lisi = world_.add_operator("lisi", false);
  const auto cookie = *login("lisi");
  ASSERT_TRUE(world_
                  .run(world_.managers->update(world_.root(), lisi.manager.id,
                                               {"lisi2", "", "", std::vector<int>{29}}, soon()))
                  .has_value());
  EXPECT_EQ(authenticate(cookie)->manager.username, "lisi2");
  EXPECT_EQ(authenticate(cookie)->manager.menu_ids.size(), 1u);
  ASSERT_TRUE(
      world_.run(world_.managers->set_enabled(world_.root(), lisi.manager.id, false, soon()))
          .has_value());
  EXPECT_FALSE(authenticate(cookie));
}

TEST_F(ConsoleSessionsTest, LoggingOutEndsThisSessionOnly) {
  world_.root();
  const auto first = *login("root");
  const auto second = *login("root");
  ASSERT_TRUE(world_.run(world_.console->logout(*authenticate(first), soon())).has_value());
  EXPECT_FALSE(authenticate(first));
  EXPECT_TRUE(authenticate(second));
  EXPECT_THAT(world_.audit({.action = "manager.logout"}), SizeIs(1));
}

TEST_F(ConsoleSessionsTest, ASessionEndsWhenItIsNotUsed) {
  world_.root();
  const auto cookie = *login("root");
  for (int i = 0; i < 3; ++i) {
    world_.clock.advance(std::chrono::days(29));
    EXPECT_TRUE(authenticate(cookie)) << "use renews it";
  }
  world_.clock.advance(world_.console->idle());
  EXPECT_FALSE(authenticate(cookie));
  ASSERT_TRUE(world_.run(world_.console->sweep(soon())).has_value());
  const auto left = world_.run(
      world_.manager_rows->find_session(sha256_hex(cookie), time_from_millis(0), soon()));
  EXPECT_FALSE(left->has_value());
}

TEST_F(ConsoleSessionsTest, TheExpiryMovesAtMostOnceAMinute) {
  world_.root();
  const auto cookie = *login("root");
  const auto last_seen = [&] {
    const auto row = world_.run(
        world_.manager_rows->find_session(sha256_hex(cookie), world_.clock.now(), soon()));
    return (*row)->last_seen_at;
  };
  const Time start = last_seen();
  world_.clock.advance(std::chrono::seconds(59));
  ASSERT_TRUE(authenticate(cookie));
  EXPECT_EQ(last_seen(), start);
  world_.clock.advance(std::chrono::seconds(1));
  ASSERT_TRUE(authenticate(cookie));
  EXPECT_EQ(last_seen(), world_.clock.now());
}

}  // namespace
}  // namespace qn::test
