#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace qn::bus {

// Where Redis is and how patient to be with it.
struct RedisOptions {
  std::string host = "127.0.0.1";  // a name or an address; an IPv6 address without brackets
  std::uint16_t port = 6379;
  std::string user;      // needs a password too; empty: the default user
  std::string password;  // secret: never logged, in no error
  int db = 0;

  std::string key_prefix = "qn:";  // of every key we touch
  std::chrono::milliseconds timeout{500};
  std::chrono::milliseconds connect_timeout{1000};
  std::chrono::milliseconds min_backoff{50};
  std::chrono::milliseconds max_backoff{5000};
  std::size_t max_pending = 10'000;   // commands waiting on one connection
  std::size_t max_erasures = 10'000;  // keys remembered while Redis is away
};

}  // namespace qn::bus
