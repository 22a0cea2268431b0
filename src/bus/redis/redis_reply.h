#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace qn::bus {

// An answer of Redis, free of hiredis's memory.
struct RedisReply {
  enum class Kind { kNil, kText, kInteger, kArray, kError };
  Kind kind = Kind::kNil;
  std::int64_t integer = 0;
  std::string text;  // of kText and kError
  std::vector<RedisReply> items;
};

}  // namespace qn::bus
