#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace qn::test {

// A real redis-server (from PATH) as a child of the test: on a free port of
// 127.0.0.1, in its own temporary folder, gone with this object or with the
// test process. Any failure is a std::runtime_error. One thread.
class RedisServer {
 public:
  explicit RedisServer(std::string password = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  std::uint16_t port() const { return port_; }

  void kill();     // at once, as in a crash; only what SAVE wrote survives
  void restart();  // on the same port and folder; returns when it answers
  void pause();    // stays connected and answers nothing
  void resume();

  // Runs one command on a connection of its own, words split at spaces.
  // Numbers and nil come as text, arrays as their items, one a line.
  std::string command(const std::string& words, int db = 0) const;

 private:
  void start();
  bool wait_for_pong() const;
  bool has_exited();

  const std::string password_;
  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  pid_t pid_ = 0;
};

}  // namespace qn::test
