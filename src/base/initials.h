#pragma once

#include <string_view>

namespace qn {

// The letter under which a name is listed: its own first letter when that is A
// to Z or a to z, the first letter of the pinyin of a Chinese character, else
// '#'. Characters with several readings have the one that ICU's Han-Latin gives
// them in this name, which is chóng in 重庆 and zhòng alone. Any thread; about
// 20 µs for Chinese, nothing for the rest.
char initial_of(std::string_view utf8);

// Loads the pinyin, which takes some 300 ms and otherwise happens with the first
// Chinese name. Once per process, any thread.
void prepare_initials();

}  // namespace qn
