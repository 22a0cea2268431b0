#include <gtest/gtest.h>

#include <fstream>

#include "support/test_server.h"

namespace qn::test {
namespace {

TEST(Ops, HealthReadinessAndMetricsAnswer) {
  TestServer server;
  EXPECT_EQ(server.get("/healthz").body, "ok\n");
  EXPECT_EQ(server.get("/readyz").status, 200);
  EXPECT_NE(server.get("/readyz").body.find("store ok"), std::string::npos);

  server.register_user("lihua01");
  const auto metrics = server.get("/metrics");
  EXPECT_EQ(metrics.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  for (const char* line :
       {"qn_http_requests_total{route=\"/api/regChat\",status=\"200\"} 1",
        "qn_http_request_seconds_bucket{route=\"/api/regChat\"", "qn_loop_lag_seconds{loop=\"1\"}",
        "qn_commit_batch_size_count", "qn_commit_seconds_count", "qn_queue_depth{queue=\"writer\"}",
        "qn_queue_depth{queue=\"passwords\"}", "qn_sessions "}) {
    EXPECT_NE(metrics.body.find(line), std::string::npos) << line;
  }
}

TEST(Ops, MetricsAreNotForEverybody) {
  auto settings = TestServer::settings();
  settings.metrics_token = "a-token-for-the-scraper";
  TestServer server(settings);
  const HeaderList forwarded = {{"X-Forwarded-For", "203.0.113.9"}};
  EXPECT_EQ(http(server.port(), "GET", "/metrics", {}, forwarded).status, 403);
  const HeaderList bearer = {{"X-Forwarded-For", "203.0.113.9"},
                             {"Authorization", "Bearer a-token-for-the-scraper"}};
  EXPECT_EQ(http(server.port(), "GET", "/metrics", {}, bearer).status, 200);
}

TEST(Ops, UploadsAreServedAndActiveContentIsNotShown) {
  TestServer server;
  const auto folder = server.data_dir() / "public" / "uploads";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "a.txt") << "hello";
  std::ofstream(folder / "a.html") << "<script>alert(1)</script>";
  const auto text = server.get("/public/uploads/a.txt");
  EXPECT_EQ(text.body, "hello");
  EXPECT_EQ(text.header("x-content-type-options"), "nosniff");
  EXPECT_FALSE(text.header("etag").empty());
  const auto page = server.get("/public/uploads/a.html");
  EXPECT_TRUE(page.header("content-disposition").starts_with("attachment"));
  EXPECT_EQ(server.get("/public/../jwt.key").status, 404);
  EXPECT_EQ(server.get("/public/%2e%2e/jwt.key").status, 404);
}

TEST(Ops, SecretsAreMadeOnceAndPrivate) {
  TestServer server;
  const auto key = server.data_dir() / "jwt.key";
  EXPECT_EQ(std::filesystem::status(key).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(std::filesystem::file_size(key), 65u);
  EXPECT_EQ(std::filesystem::status(server.data_dir()).permissions(),
            std::filesystem::perms::owner_all);
}

TEST(Ops, TheSetupLinkIsShownUntilThereIsAnAdministrator) {
  TestServer server;
  EXPECT_TRUE(
      server.server().setup_url().starts_with(server.server().url() + "/admin/setup?token="));
}

TEST(Ops, ASecondServerOnTheSameDataIsRefused) {
  TestServer server;
  auto settings = TestServer::settings();
  settings.data_dir = server.data_dir();
  const auto second = app::Server::start(settings);
  ASSERT_FALSE(second.has_value());
  EXPECT_NE(second.error().text.find("another qingniao is serving from it"), std::string::npos);
}

TEST(Ops, AFailedStartLeavesNoFolderBehind) {
  TestServer running;
  TempDir dir;
  auto settings = TestServer::settings();
  settings.data_dir = dir.path() / "data";
  settings.server.listen = "127.0.0.1:" + std::to_string(running.port());
  const auto started = app::Server::start(settings);
  ASSERT_FALSE(started.has_value());
  EXPECT_NE(started.error().text.find("already in use"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(settings.data_dir));
}

}  // namespace
}  // namespace qn::test
