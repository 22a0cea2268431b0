#pragma once

#include <string>

#include "base/clock.h"
#include "base/ids.h"

namespace qn::model {

// One question that its owner has answered once and for all (chat-http-api.md
// §10).
struct AskAnswer {
  AskAnswerId id;  // milliseconds of its creation; unique among the owner's entries
  UserId owner;
  std::string type;  // single or group: the kind of chat it answers in
  std::string ask;
  std::string answer;
  int like_count = 0;
  bool liked = false;
  Time create_time;
  Time update_time;
};

}  // namespace qn::model
