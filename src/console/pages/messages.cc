#include <array>
#include <charconv>

#include "base/text.h"
#include "console/pages/chat_users.h"
#include "console/pages/handlers.h"
#include "console/paging.h"
#include "console/time_input.h"
#include "console/units.h"
#include "wire/message_content.h"

// The messages: search, one of them, those around it. Who and when is there for
// whoever may open the section; what they say needs a right of its own, and
// looking at it is put on record.
namespace qn::console {
namespace {

using chat::MessageAdmin;
using Content = MessageAdmin::Content;
using Kind = model::ConversationKey::Kind;
using store::MessageLine;
using store::MessageParty;

constexpr std::string_view kList = "/admin/message/index";
constexpr std::string_view kContentRight = "/admin/messagecontent";
constexpr std::size_t kMaxKeyword = 200;
constexpr std::size_t kPreviewBytes = 400;

struct TypeName {
  std::string_view type;
  Label label;
  Tone tone = Tone::kPlain;
};
constexpr std::array kTypes = {
    TypeName{"text", "文本"},
    TypeName{"iconMenus", "表情"},
    TypeName{"image", "图片", Tone::kInfo},
    TypeName{"audio", "语音", Tone::kInfo},
    TypeName{"video", "视频", Tone::kInfo},
    TypeName{"systemNotice", "系统通知", Tone::kWarn},
};

TypeName type_name(std::string_view type) {
  for (const auto& name : kTypes) {
    if (name.type == type) return name;
  }
  return {type, "其他"};
}

std::int64_t number_of(std::string_view text) {
  std::int64_t n = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), n);
  return failure == std::errc() && end == text.data() + text.size() && n > 0 ? n : 0;
}

Content content_for(const Console& console, const AdminRequest& request) {
  const bool may = console.menu.may_open(request.op().manager, kContentRight);
  return may ? Content::kShown : Content::kHidden;
}

std::string show_url(model::LogPosition position) {
  return "/admin/message/show/" + std::to_string(position);
}

Error no_such_message() {
  return {ErrorCode::kNotFound, "该消息不存在", "no such message"};
}

// --- What a line consists of -------------------------------------------------

PersonCell party_cell(const Console& console, const MessageParty& party, std::string url,
                      Badge badge) {
  const auto first = party.avatar.substr(0, party.avatar.find(','));
  PersonCell cell{.avatar = console.picture(first),
                  .name = party.name.empty() ? std::to_string(party.id) : party.name,
                  .url = std::move(url),
                  .lines = {Phrase::data("id:" + std::to_string(party.id))}};
  if (!badge.text.empty()) cell.badges.push_back(badge);
  return cell;
}

Cell sender_cell(const Console& console, const AdminRequest& request, const MessageLine& line) {
  if (line.sender.id == 0) return LabelCell{Label("系统")};
  return party_cell(console, line.sender,
                    console.link(request, user_url("show", UserId(line.sender.id))), {});
}

PersonCell recipient_cell(const Console& console, const AdminRequest& request,
                          const MessageLine& line) {
  const bool is_group = line.kind == Kind::kGroup;
  std::string url = is_group ? "/admin/chatgroup/show/" + std::to_string(line.to.id)
                             : user_url("show", UserId(line.to.id));
  const Badge badge = is_group                     ? Badge{"群组", Tone::kInfo}
                      : line.kind == Kind::kNotice ? Badge{"通知", Tone::kPlain}
                                                   : Badge{};
  return party_cell(console, line.to, console.link(request, std::move(url)), badge);
}

BadgesCell type_cell(const MessageLine& line) {
  const auto type = type_name(line.type);
  BadgesCell cell{{{type.label, type.tone}}};
  if (line.recalled_at) cell.badges.push_back({"已撤回", Tone::kBad});
  return cell;
}

// The beginning of a long text, without half a character.
std::string shortened(const std::string& text) {
  if (text.size() <= kPreviewBytes) return text;
  std::size_t end = kPreviewBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

enum class Length { kPreview, kWhole };

Cell content_cell(const MessageLine& line, Content content, Length length) {
  if (content == Content::kHidden) return LabelCell{Label("内容已隐藏")};
  auto said = wire::message_content(line.body);
  if (!said.url.empty()) return LinkCell{std::move(said.url)};
  if (length == Length::kWhole) return ProseCell{std::move(said.text)};
  return TextCell{shortened(said.text)};
}

Row row_of(const Console& console, const AdminRequest& request, const MessageLine& line,
           Content content) {
  Row row{.id = line.position};
  row.cells = {TimeCell{line.created_at}, sender_cell(console, request, line),
               recipient_cell(console, request, line), type_cell(line),
               content_cell(line, content, Length::kPreview)};
  row.actions = {{.text = "查看", .url = show_url(line.position), .icon = "fa fa-eye"}};
  return row;
}

// --- The list ----------------------------------------------------------------

MessageAdmin::Query query_of(const Console& console, const AdminRequest& request) {
  const auto text = [&](std::string_view name) {
    return std::string(request.asked(name).substr(0, kMaxKeyword));
  };
  const auto offset = console.options.utc_offset;
  return {.user = text("user"),
          .group = text("group"),
          .conversation = model::ConversationId(number_of(request.asked("conversation"))),
          .from = parse_time_input(request.asked("from"), offset),
          .until = parse_time_input(request.asked("until"), offset),
          .type = text("type"),
          .text = text("text"),
          .before = number_of(request.asked("before")),
          .limit = page_choice(request).limit};
}

std::vector<SearchField> fields_of(const AdminRequest& request, Content content) {
  using Type = SearchField::Type;
  const auto value = [&](std::string_view name) { return std::string(request.asked(name)); };
  std::vector<SearchField> fields = {
      {.name = "user", .label = "发送人账号、昵称或 id", .value = value("user")},
      {.name = "group", .label = "群名称或 id", .value = value("group")}};
  if (content == Content::kShown) {
    fields.push_back({.name = "text", .label = "内容", .value = value("text")});
  }
  fields.push_back(
      {.name = "from", .label = "开始时间", .value = value("from"), .type = Type::kTime});
  fields.push_back(
      {.name = "until", .label = "结束时间", .value = value("until"), .type = Type::kTime});
  return fields;
}

Filter type_filter(const AdminRequest& request) {
  Filter filter{.name = "type",
                .label = "全部类型",
                .choices = {},
                .selected = std::string(request.asked("type"))};
  for (const auto& name : kTypes) filter.choices.push_back({std::string(name.type), name.label});
  return filter;
}

Phrase hint_for(const MessageAdmin::Found& found, Content content) {
  if (found.is_too_wide) return Label("按内容搜索时，请同时填写发送人、群组或开始时间。");
  if (found.is_ambiguous) {
    return Label("同名的用户或群组太多，只列出其中一部分的消息，请写得更完整。");
  }
  if (content == Content::kShown) return Label("查看消息内容会记入操作日志。");
  return Label("您没有查看消息内容的权限，内容已隐藏。");
}

Steps steps_of(const TablePage& page, const MessageAdmin::Query& query,
               const store::MessageAdminStore::Page& found) {
  std::string link = page.path + "?limit=" + std::to_string(query.limit);
  for (const auto& [name, value] : page.query) {
    if (name == "limit") continue;
    link.append("&").append(percent_encode(name)).append("=").append(percent_encode(value));
  }
  Steps steps;
  if (query.before != 0) steps.newest = link;
  if (found.next != 0) steps.older = link + "&before=" + std::to_string(found.next);
  if (found.is_cut_short) {
    steps.note = Phrase("已检查 {} 条消息，更早的还没有检查",
                        {grouped(store::MessageAdminStore::kMaxExamined)});
  }
  return steps;
}

std::vector<Column> columns(bool with_recipient) {
  std::vector<Column> columns = {{.title = "时间", .width = "120"}, {.title = "发送人"}};
  if (with_recipient) columns.push_back({.title = "发给"});
  columns.push_back({.title = "类型", .width = "110"});
  columns.push_back({.title = "内容", .width = "36%"});
  return columns;
}

// --- One message -------------------------------------------------------------

std::vector<Fact> facts_of(const Console& console, const AdminRequest& request,
                           const MessageLine& line, Content content) {
  std::vector<Fact> facts = {{"发送人", sender_cell(console, request, line)},
                             {"发给", recipient_cell(console, request, line)},
                             {"类型", type_cell(line)},
                             {"时间", TimeCell{line.created_at}},
                             {"消息 id", TextCell{line.uuid}},
                             {"会话 id", TextCell{std::to_string(line.conversation.value)}},
                             {"会话中的序号", TextCell{grouped(line.seq)}},
                             {"内容", content_cell(line, content, Length::kWhole)}};
  if (line.recalled_at) facts.push_back({"撤回时间", TimeCell{line.recalled_at}});
  return facts;
}

Panel around_panel(const Console& console, const AdminRequest& request,
                   const MessageAdmin::Detail& detail, Content content) {
  Panel panel{.title = "前后的消息"};
  panel.table.columns = columns(false);
  panel.table.has_actions = true;
  for (const auto& line : detail.around) {
    Row row = row_of(console, request, line, content);
    row.cells.erase(row.cells.begin() + 2);  // they all go to the same
    if (line.position == detail.message.position) {
      row.actions.clear();
      std::get<BadgesCell>(row.cells[2]).badges.push_back({"本条", Tone::kGood});
    }
    panel.table.rows.push_back(std::move(row));
  }
  return panel;
}

}  // namespace

AnswerTask list_messages(Console& console, AdminRequest& request) {
  const Content content = content_for(console, request);
  const auto query = query_of(console, request);
  CO_TRY(const auto found,
         co_await console.services.messages.list(request.op(), query, content, request.by));
  TablePage page{.title = query.conversation ? Label("会话消息") : Label("消息管理"),
                 .path = std::string(kList)};
  if (query.conversation) {
    page.buttons = {{.text = "全部消息", .url = page.path, .icon = "fa fa-envelope-o"}};
  }
  page.query = kept_query(
      request, {"user", "group", "text", "from", "until", "type", "conversation", "limit"});
  page.hint = hint_for(found, content);
  page.fields = fields_of(request, content);
  page.filters = {type_filter(request)};
  page.table.columns = columns(true);
  page.table.has_actions = true;
  page.table.empty = "没有符合条件的消息";
  for (const auto& line : found.page.messages) {
    page.table.rows.push_back(row_of(console, request, line, content));
  }
  page.steps = steps_of(page, query, found.page);
  co_return Page(std::move(page));
}

AnswerTask show_message(Console& console, AdminRequest& request) {
  const Content content = content_for(console, request);
  CO_TRY(const auto detail,
         co_await console.services.messages.find(request.op(), request.id(), content, request.by));
  if (!detail) co_return no_such_message();
  const auto& line = detail->message;
  DetailPage page{.title = Label("消息详情")};
  page.buttons = {
      {.text = "会话消息",
       .url = std::string(kList) + "?conversation=" + std::to_string(line.conversation.value),
       .icon = "fa fa-comments"}};
  page.facts = facts_of(console, request, line, content);
  page.panels = {around_panel(console, request, *detail, content)};
  co_return Page(std::move(page));
}

}  // namespace qn::console
