#pragma once

#include <string_view>
#include <unordered_map>

namespace qn::console {

// Every Chinese word of the console and its English; tools/english_test.py holds
// the sources to it. Built once; any thread.
const std::unordered_map<std::string_view, std::string_view>& english();

}  // namespace qn::console
