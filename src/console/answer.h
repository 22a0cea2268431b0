#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "base/task.h"
#include "console/flash.h"
#include "console/page.h"
#include "net/http.h"

namespace qn::console {

// Something was done. A script gets {"msg":"ok","data":text}; a browser without
// JavaScript goes to `to`, where the flash is shown.
struct Done {
  std::string text;  // a literal of the contract
  std::string to;
  Flash flash;
};
// A page load that leads elsewhere.
struct GoTo {
  std::string to;
  Flash flash = {};
};

// What a handler returns; Console turns it into bytes.
using Answer = std::variant<Page, EntrancePage, Done, GoTo, net::HttpReply>;
using AnswerTask = Task<Result<Answer>>;

}  // namespace qn::console
