#pragma once

#include <string>
#include <string_view>

#include "wire/json.h"

namespace qn::wire {

inline constexpr std::string_view kJsonType = "application/json; charset=utf-8";

// {"msg":"ok","data":…} and {"msg":"fail","data":"…"}, compact, keys in this
// order (chat-http-api.md §0.2).
std::string ok_envelope(const json::value& data);
// The same around data that is already JSON text: hot replies.
std::string ok_envelope_raw(std::string_view data_json);
std::string fail_envelope(std::string_view text);
// Of complaints (§11), which say in `msg` what happened: {"msg":text,"data":…}.
std::string worded_envelope(std::string_view text, const json::value& data);

}  // namespace qn::wire
