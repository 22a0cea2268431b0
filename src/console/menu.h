#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "console/page.h"
#include "model/manager.h"

namespace qn::console {

// One entry of the menu file data/root.json (admin-pages.md §3.6). Managers'
// permissions store the ids, so an id never changes its meaning.
struct MenuEntry {
  int id = 0;
  int parent = 0;  // 0: top level
  std::string name;
  std::string icon;
  std::string url;  // "": a heading
  // What a manager may do on other entries' pages, in no sidebar. The URL is the
  // right's name: Menu::may_open tells who has it.
  bool is_right = false;
};

// The menu: what stands in the sidebar and, by its ids, what a manager may do.
// Immutable after the start; any thread.
class Menu {
 public:
  // The entries this version comes with.
  static Menu standard();
  // kRefused with a text for the operator: no JSON array of entries, an id
  // twice, no whole number, more than 500 entries.
  static Result<Menu> parse(std::string_view json);

  // What permission there is (§3.5, defects D-12, D-13). A path belongs to an
  // entry when it equals the entry's URL without /index or lies below it, whole
  // segments; /admin itself only by its own entry.
  bool may_open(const model::Manager& manager, std::string_view path) const;
  // The first page the manager may open; "" when there is none.
  std::string first_page(const model::Manager& manager) const;

  std::vector<MenuItem> sidebar(const model::Manager& manager, std::string_view path) const;
  // All entries, those of `ids` checked.
  std::vector<TreeNode> tree(const std::vector<int>& ids) const;
  // Names of the entries with a page among the ids.
  std::vector<std::string> names(const std::vector<int>& ids) const;
  // The ids that exist, with the headings above them, ascending.
  std::vector<int> complete(const std::vector<int>& ids) const;

 private:
  explicit Menu(std::vector<MenuEntry> entries) : entries_(std::move(entries)) {}
  const MenuEntry* find(int id) const;
  bool allows(const model::Manager& manager, const MenuEntry& entry) const;
  // Entries below `parent`, in file order; depth is bounded by the entries.
  template <class Node, class Make>
  std::vector<Node> build(int parent, const Make& make) const;

  std::vector<MenuEntry> entries_;
};

// "2,3,28" as ids; whatever is no positive number is left out.
std::vector<int> parse_menu_ids(std::string_view text);

}  // namespace qn::console
