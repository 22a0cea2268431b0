#pragma once

#include <filesystem>

#include "base/result.h"
#include "console/menu.h"

namespace qn::app {

// The console's menu: the file where there is one, else the standard menu.
// kRefused with a text for the operator when the file cannot be used.
Result<console::Menu> load_menu(const std::filesystem::path& file);

}  // namespace qn::app
