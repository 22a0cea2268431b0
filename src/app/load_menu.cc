#include "app/load_menu.h"

#include <fstream>
#include <sstream>

#include "base/bytes.h"

namespace qn::app {
namespace {

constexpr std::uintmax_t kMaxMenu = 1_MiB;

}  // namespace

Result<console::Menu> load_menu(const std::filesystem::path& file) {
  std::error_code failure;
  const auto size = std::filesystem::file_size(file, failure);
  if (failure == std::errc::no_such_file_or_directory) return console::Menu::standard();
  if (failure || size > kMaxMenu)
    return refused(file.string() + ": not a menu file of up to 1 MiB");
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return refused(file.string() + ": cannot be read");
  auto menu = console::Menu::parse(text.str());
  if (!menu.has_value()) return refused(file.string() + ": " + menu.error().text);
  return menu;
}

}  // namespace qn::app
