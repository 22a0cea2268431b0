#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "model/message_log.h"
#include "store/database.h"

namespace qn::test {

// One message of the log.
struct Told {
  std::vector<UserId> to;      // who gets it, ascending
  std::string kind;            // of the conversation: single, group or notice
  boost::json::object object;  // as clients get it

  // What a notice says.
  std::string said() const;
  // "" unless the key has a text.
  std::string text(std::string_view key) const;
  // -1 unless the key has a number.
  std::int64_t number(std::string_view key) const;
};

// Looks at the message log as those who receive it do.
class LogReader {
 public:
  explicit LogReader(store::Database& db) : db_(db) {}

  // What has come since the last call, in the order of the log.
  std::vector<Told> take();

 private:
  store::Database& db_;
  model::LogPosition seen_ = 0;
};

}  // namespace qn::test
