#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/server.h"
#include "app/settings.h"
#include "base/clock.h"

namespace qn::test {

namespace json = boost::json;

// A folder of this test's own, gone with it.
class TempDir {
 public:
  TempDir();
  ~TempDir();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Answer {
  int status = 0;
  std::string head;  // status line and fields as they came
  std::string body;

  std::string header(std::string_view name) const;
  // The body as JSON; null when it is none.
  json::value json() const;
  // `msg` and `data` of the envelope; null when absent.
  json::value msg() const;
  json::value data() const;
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

// One request on a connection of its own; status 0 when nothing came back.
Answer http(std::uint16_t port, std::string_view method, std::string_view path,
            std::string_view body = {}, const HeaderList& headers = {});

// A real server on a free port with data in a temporary folder, cheap password
// hashes and a clock that stands still until it is moved.
class TestServer {
 public:
  // Settings tests usually want; change and pass them on.
  static app::Settings settings();

  // `online` stands for those who are connected, as the console sees them.
  explicit TestServer(app::Settings settings = TestServer::settings(),
                      chat::Online* online = nullptr);
  ~TestServer();

  std::uint16_t port() const { return server_->port(); }
  app::Server& server() { return *server_; }
  FakeClock& clock() { return clock_; }
  std::filesystem::path data_dir() const { return dir_.path() / "data"; }

  // JSON in, envelope out.
  Answer post(std::string_view path, const json::value& body, std::string_view token = {});
  Answer get(std::string_view path, std::string_view token = {});

  // Registers an account with password 123456; its login answer.
  json::object register_user(std::string_view name);
  // A visitor route with a right signature.
  Answer post_signed(std::string_view path, json::object body);

  // Stops and starts again on the same data and port.
  void restart();

 private:
  TempDir dir_;
  FakeClock clock_;
  app::Settings settings_;
  chat::Online* const online_;
  std::unique_ptr<app::Server> server_;
};

// Shorthand: the string at `key`, or "".
std::string text_at(const json::value& object, std::string_view key);
std::int64_t integer_at(const json::value& object, std::string_view key);

}  // namespace qn::test
