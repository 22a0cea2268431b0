#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "console/label.h"

// The page model (admin-pages.md §2): handlers describe a page as a value, one
// renderer draws it. Text is data or a Label, never HTML, so escaping cannot be
// forgotten. Plain values; any thread.
namespace qn::console {

enum class Tone { kPlain, kGood, kWarn, kBad, kInfo };

// --- Buttons and links -------------------------------------------------------

// What is asked before something happens; also the text of the page that asks
// when there is no JavaScript.
struct Confirm {
  Label title = "确认删除";
  Phrase text = Label("确定要删除吗？");
};

// A link, or with `confirm` a POST to the same address after a question.
struct Action {
  Label text;
  std::string url;
  std::string icon = {};  // Font Awesome classes, such as "fa fa-pencil"
  Tone tone = Tone::kPlain;
  std::optional<Confirm> confirm = {};
};

// --- Cells -------------------------------------------------------------------

struct TextCell {
  std::string text;
  std::string note = {};  // smaller, below
};
struct LabelCell {
  Phrase text;
};
struct Badge {
  Label text;
  Tone tone = Tone::kPlain;
};
struct BadgesCell {
  std::vector<Badge> badges;
};
// Picture, name and lines below it; badges beside the name.
struct PersonCell {
  std::string avatar = {};
  std::string name = {};
  std::string url = {};  // of the name and the picture; "" = no link
  std::vector<Phrase> lines = {};
  std::vector<Badge> badges = {};
};
struct TimeCell {
  std::optional<Time> at = {};
  Label never = "从未";
};
// The two status buttons of admin-pages.md §1.2: POST /admin/commonUpdateById
// {id, keyname: field, keyvalue, model}, then to `after`. The one that equals
// `value` is lit; any other value lights neither.
struct ToggleCell {
  std::int64_t id = 0;
  int value = 0;
  std::string model = {};       // User, Manager
  std::string controller = {};  // chatuser, manager
  std::string field = "status";
  Label on = "启用";   // keyvalue 1
  Label off = "禁用";  // keyvalue 0
};
// Two columns: field, before → after. For the audit log.
struct ChangesCell {
  struct Change {
    std::string field, before, after;
  };
  std::vector<Change> changes;
};
// The whole of a long text, with its lines.
struct ProseCell {
  std::string text;
};
// Pictures somebody sent, as addresses: our own files are drawn, web addresses
// are links that nothing is loaded from, anything else is text.
struct PicturesCell {
  std::vector<std::string> urls;
};
// Where something is that somebody sent: one of our own files or a web address is
// a link that nothing is loaded from, anything else is text.
struct LinkCell {
  std::string url;
};
struct EmptyCell {};

using Cell = std::variant<EmptyCell, TextCell, LabelCell, BadgesCell, PersonCell, TimeCell,
                          ToggleCell, ChangesCell, ProseCell, PicturesCell, LinkCell>;

// --- Tables ------------------------------------------------------------------

enum class Align { kLeft, kCenter, kRight };
struct Column {
  Label title;
  std::string width = {};  // such as "200" (pixels) or "10%"
  Align align = Align::kLeft;
  std::string sort = {};  // value of the query parameter `sort`; "" = not sortable
};
struct Row {
  std::int64_t id = 0;  // for bulk actions
  std::vector<Cell> cells = {};
  std::vector<Action> actions = {};  // drawn in the last column, 操作
};
struct Tab {
  Phrase text;
  std::string url;
  bool active = false;
};
struct Choice {
  std::string value;
  Phrase text;
};
struct Filter {
  std::string name;  // of the query parameter
  Label label;       // also the choice that means all
  std::vector<Choice> choices = {};
  std::string selected = {};
};
struct Search {
  std::string name = "keyword";
  Label placeholder;
  std::string value = {};
};
// One more field of the search form, with its name above it.
struct SearchField {
  std::string name;  // of the query parameter
  Label label;
  std::string value = {};
  enum class Type { kText, kTime } type = Type::kText;  // kTime: 2026-11-22T08:30
};
// The ways through a list that is not counted; "" = there is none.
struct Steps {
  std::string newest = {};
  std::string older = {};
  Phrase note = {};
};
// ?page=&limit=, the first page is 1 (admin-pages.md §2.7, defect D-33).
struct Pager {
  int page = 1;
  int limit = 10;
  std::int64_t total = 0;
};
struct BulkAction {
  Label text;
  std::string value;  // of the form field `action`
  Tone tone = Tone::kPlain;
  std::optional<Confirm> confirm = {};
};
struct Table {
  std::vector<Column> columns;  // without the one of the actions
  std::vector<Row> rows;
  bool has_actions = false;
  Label empty = "暂无数据";
};
struct TablePage {
  Phrase title;
  std::vector<Action> buttons = {};
  std::vector<Tab> tabs = {};
  Phrase hint = {};  // above the table
  std::optional<Search> search = {};
  std::vector<SearchField> fields = {};
  std::vector<Filter> filters = {};
  Table table = {};
  std::optional<Pager> pager = {};
  std::optional<Steps> steps = {};  // instead of `pager`
  std::string path = {};            // of this page, without the query
  // What links of this page must keep besides page and limit: searches, filters
  // and the order, as they are now.
  std::vector<std::pair<std::string, std::string>> query = {};
  std::string sort = {};  // current order: a column's `sort`, with a leading '-' when descending
  std::string bulk_url = {};  // POST ids[]=…&action=…; "" = no check boxes
  std::vector<BulkAction> bulk = {};
};

// --- Forms -------------------------------------------------------------------

struct TreeNode {
  std::string value;
  Phrase name;
  bool checked = false;
  std::vector<TreeNode> children = {};
};

enum class FieldType {
  kText,
  kPassword,
  kNumber,
  kTextarea,
  kFile,         // uploads at once to /uploadStreamSingleToServerDiy/adminImg; the value is a URL
  kDropdown,     // one of `choices`, or of `tree` indented by level
  kTreeSelect,   // check boxes; the value is the values joined with commas
  kButtonGroup,  // one of `choices`
  kSwitch,       // "1" or "0"
};
struct Field {
  Label label;
  FieldType type = FieldType::kText;
  std::string name;
  Label placeholder = {};  // drawn with "..." behind it
  std::string value = {};  // what the form starts with: the stored value, else the default
  bool required = false;
  int min_length = 0;  // 0: none
  int max_length = 0;
  std::string autocomplete = {};  // "": off
  Label hint = {};
  std::vector<Choice> choices = {};
  std::vector<TreeNode> tree = {};
  bool disabled = false;
  bool hidden = false;  // not drawn, but sent
};
struct FormPage {
  Phrase title;
  std::string action;  // POST, as JSON with JavaScript, else urlencoded
  std::vector<Field> fields = {};
  std::string success_url = {};
  bool is_edit = false;  // success says 修改成功 instead of 新建成功
  bool hide_submit = false;
  std::vector<Action> buttons = {};
  std::string error = {};  // of a submit without JavaScript; Chinese, from a service
};

// --- Other pages -------------------------------------------------------------

struct Fact {
  Label label;
  Cell value;
};
struct Panel {
  Label title;
  Table table = {};
};
// One thing in full: a person, facts, tables.
struct DetailPage {
  Phrase title;
  std::vector<Action> buttons = {};
  std::optional<PersonCell> person = {};
  std::vector<Fact> facts = {};
  std::vector<Panel> panels = {};
};

struct FigureBox {
  Label label;
  std::string value = {};  // formatted
  std::string icon = {};
  Tone tone = Tone::kPlain;
  std::string url = {};
  Phrase note = {};
};
struct Chart {
  Label title;
  std::vector<std::pair<std::string, std::int64_t>> points = {};  // label such as 11-22, value
  enum class Unit { kCount, kBytes } unit = Unit::kCount;
};
// The home page: figures and plots of the last days, drawn as SVG.
struct HomePage {
  Phrase welcome = {};
  std::vector<FigureBox> figures = {};
  std::vector<Chart> charts = {};
  std::vector<Fact> facts = {};  // versions and the like
};

// A page that says one thing: an error (§2.10), a question, a result.
struct NoticePage {
  int status = 200;
  std::string heading = {};  // such as "404"; "" = the title
  Phrase title = {};
  Phrase text = {};
  // None: one that leads home. An Action with `confirm` is a button that posts.
  std::vector<Action> links = {};
  std::string secret = {};  // shown in a box to be copied, such as a new password
};

using Page = std::variant<TablePage, FormPage, DetailPage, HomePage, NoticePage>;

// --- Around the page ---------------------------------------------------------

// One entry of the sidebar; "" as url: a heading.
struct MenuItem {
  Phrase name;  // from the menu file: translated when it is one of ours
  std::string icon;
  std::string url;
  bool active = false;
  std::vector<MenuItem> children = {};
};

struct Toast {
  Phrase text;
  Tone tone = Tone::kGood;
};

enum class Theme { kAuto, kLight, kDark };

// What every page of a logged-in manager is drawn in; without `manager` (login,
// first run, errors before login) a page has no sidebar.
struct Shell {
  struct Who {
    std::string name = {};
    std::string avatar = {};
    bool super = false;
  };
  std::optional<Who> manager = {};
  std::vector<MenuItem> menu = {};
  std::string csrf = {};
  std::string path = {};  // path and query of this page, for the language switch
  Language language = Language::kChinese;
  Theme theme = Theme::kAuto;
  std::optional<Toast> toast = {};
  std::chrono::minutes utc_offset{8 * 60};
};

// Login and first run (§3.2): a card beside a panel, without the sidebar.
struct EntrancePage {
  enum class Kind { kLogin, kFirstRun } kind = Kind::kLogin;
  std::string token = {};     // of the first-run link
  std::string username = {};  // as typed before
  std::string error = {};     // of a submit without JavaScript; Chinese, from a service
};

// The whole HTML document.
std::string render(const Page& page, const Shell& shell);
std::string render(const EntrancePage& page, const Shell& shell);

}  // namespace qn::console
