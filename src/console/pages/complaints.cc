#include <algorithm>

#include "base/log.h"
#include "chat/texts.h"
#include "console/pages/chat_users.h"
#include "console/pages/handlers.h"
#include "console/paging.h"
#include "wire/complaint_json.h"
#include "wire/envelope.h"
#include "wire/errors.h"

// Complaints (admin-notes.md §9): list, evidence, status and reply; and the two
// routes of the reference, which speak JSON.
namespace qn::console {
namespace {

namespace texts = chat::texts;
using model::Complaint;
using model::ComplaintStatus;
using model::ComplaintTarget;

constexpr std::string_view kSection = "/admin/complaint";
constexpr std::string_view kList = "/admin/complaint/index";
constexpr std::size_t kMaxKeyword = 200;
constexpr std::size_t kShownQuotes = 200;

constexpr wire::Rule kEdit[] = {{.name = "status", .required = true, .desc = "处理状态"},
                                {.name = "admin_reply", .max = 2000, .desc = "回复内容"}};
constexpr wire::Rule kState[] = {{.name = "status"}, {.name = "admin_reply"}};
constexpr wire::Rule kPaging[] = {{.name = "page", .type = wire::Type::kInt, .fallback = "1"},
                                  {.name = "pageSize", .type = wire::Type::kInt, .fallback = "20"}};

Badge status_badge(ComplaintStatus status) {
  switch (status) {
    case ComplaintStatus::kPending:
      return {"待处理", Tone::kBad};
    case ComplaintStatus::kProcessing:
      return {"处理中", Tone::kWarn};
    case ComplaintStatus::kHandled:
      return {"已处理", Tone::kGood};
    case ComplaintStatus::kClosed:
      return {"已关闭", Tone::kPlain};
  }
  return {};
}

std::vector<Choice> status_choices() {
  std::vector<Choice> choices;
  for (const auto status : {ComplaintStatus::kPending, ComplaintStatus::kProcessing,
                            ComplaintStatus::kHandled, ComplaintStatus::kClosed}) {
    choices.push_back({std::to_string(static_cast<int>(status)), status_badge(status).text});
  }
  return choices;
}

Badge target_badge(ComplaintTarget target) {
  if (target == ComplaintTarget::kGroup) return {"群组", Tone::kInfo};
  return {"用户", Tone::kPlain};
}

std::string url(std::string_view page, ComplaintId id) {
  return std::string(kSection) + '/' + std::string(page) + '/' + std::to_string(id.value);
}

Error no_such_complaint() {
  return {ErrorCode::kNotFound, std::string(texts::kNoComplaint), "no such complaint"};
}

bool may_handle(const Console& console, const AdminRequest& request) {
  return console.menu.may_open(request.op().manager, kSection);
}

PersonCell author_cell(const Console& console, const AdminRequest& request, const Complaint& c) {
  PersonCell cell{.name = std::to_string(c.user.value)};
  if (c.author) {
    cell.avatar = c.author->avatar;
    cell.name = c.author->name();
  }
  cell.url = console.link(request, user_url("show", c.user));
  cell.lines = {Phrase::data("id:" + std::to_string(c.user.value))};
  return cell;
}

PersonCell target_cell(const Console& console, const AdminRequest& request, const Complaint& c) {
  const std::string id = std::to_string(c.target_id);
  const bool is_group = c.target_type == ComplaintTarget::kGroup;
  std::string page =
      is_group ? "/admin/chatgroup/show/" + id : user_url("show", UserId(c.target_id));
  return {.name = c.target_name.empty() ? id : c.target_name,
          .url = console.link(request, std::move(page)),
          .lines = {Phrase::data("id:" + id)},
          .badges = {target_badge(c.target_type)}};
}

Action handle_action(ComplaintId id) {
  return {.text = "处理", .url = url("edit", id), .icon = "fa fa-pencil"};
}

Row row_of(const Console& console, const AdminRequest& request, const Complaint& c) {
  Row row{.id = c.id.value};
  row.cells = {author_cell(console, request, c), target_cell(console, request, c),
               TextCell{c.reason, c.content}, BadgesCell{{status_badge(c.status)}},
               TimeCell{c.create_time}};
  row.actions = {{.text = "查看", .url = url("show", c.id), .icon = "fa fa-eye"},
                 handle_action(c.id)};
  return row;
}

chat::Complaints::Filter filter_from(const AdminRequest& request) {
  chat::Complaints::Filter filter;
  filter.keyword = request.asked("keyword").substr(0, kMaxKeyword);
  filter.target_type = model::complaint_target_from(request.asked("type"));
  const auto status = request.asked("status");
  if (status.size() == 1 && status[0] >= '0' && status[0] <= '3') {
    filter.status = static_cast<ComplaintStatus>(status[0] - '0');
  }
  return filter;
}

std::vector<Filter> filters(const AdminRequest& request) {
  return {{.name = "status",
           .label = "全部状态",
           .choices = status_choices(),
           .selected = std::string(request.asked("status"))},
          {.name = "type",
           .label = "全部对象",
           .choices = {{"single", target_badge(ComplaintTarget::kSingle).text},
                       {"group", target_badge(ComplaintTarget::kGroup).text}},
           .selected = std::string(request.asked("type"))}};
}

Panel statement_of(const Complaint& c) {
  Panel panel{.title = "投诉内容"};
  panel.table.columns = {{.title = "原因"}, {.title = "说明"}, {.title = "图片"}};
  Row row;
  row.cells = {ProseCell{c.reason}, ProseCell{c.content}, PicturesCell{c.images}};
  panel.table.rows.push_back(std::move(row));
  return panel;
}

Panel quotes_of(const Complaint& c) {
  Panel panel{.title = "引用的聊天记录"};
  panel.table.columns = {{.title = "时间", .width = "180"},
                         {.title = "发送人", .width = "200"},
                         {.title = "类型", .width = "120"},
                         {.title = "内容"}};
  panel.table.empty = "没有引用聊天记录";
  for (const auto& message : wire::quoted_messages(c.quotes, kShownQuotes)) {
    Row row;
    row.cells = {TimeCell{message.at, "未知"}, TextCell{message.sender}, TextCell{message.type},
                 ProseCell{message.text}};
    panel.table.rows.push_back(std::move(row));
  }
  return panel;
}

net::HttpReply worded(int status, std::string_view text, const wire::json::value& data) {
  net::HttpReply reply;
  reply.status = status;
  reply.content_type = wire::kJsonType;
  reply.body = wire::worded_envelope(text, data);
  reply.headers.emplace_back("Cache-Control", "no-store");
  return reply;
}

// The text of a refusal, or what did not work because of us.
net::HttpReply worded_fail(const Error& error, std::string_view broken,
                           const AdminRequest& request) {
  const auto seen = wire::to_wire(error);
  if (seen.status >= 500) {
    log::error("console.error", {{"id", request.http.id},
                                 {"route", request.http.path()},
                                 {"code", to_string(error.code)},
                                 {"detail", error.detail}});
    return worded(seen.status, broken, wire::json::object());
  }
  return worded(seen.status, seen.text, wire::json::object());
}

}  // namespace

AnswerTask list_complaints(Console& console, AdminRequest& request) {
  const auto choice = page_choice(request);
  CO_TRY(const auto found, co_await console.services.complaints.list(
                               filter_from(request), choice.limit, choice.offset(), request.by));
  TablePage page{.title = Label("投诉处理"), .path = std::string(kList)};
  page.query = kept_query(request, {"keyword", "status", "type"});
  page.search = Search{.placeholder = "搜索原因、内容、对象、投诉人或 id",
                       .value = std::string(request.asked("keyword"))};
  page.filters = filters(request);
  page.pager = choice.pager(found.total);
  page.table.columns = {{.title = "投诉人"},
                        {.title = "投诉对象"},
                        {.title = "原因"},
                        {.title = "状态", .width = "110", .align = Align::kCenter},
                        {.title = "投诉时间", .width = "180"}};
  page.table.has_actions = true;
  page.table.empty = "没有符合条件的投诉";
  for (const auto& complaint : found.complaints) {
    page.table.rows.push_back(row_of(console, request, complaint));
  }
  co_return Page(std::move(page));
}

AnswerTask show_complaint(Console& console, AdminRequest& request) {
  const ComplaintId id(request.id());
  CO_TRY(const auto c, co_await console.services.complaints.find(id, request.by));
  if (!c) co_return no_such_complaint();
  DetailPage page{.title = Label("投诉详情")};
  page.buttons = {handle_action(id)};
  page.person = author_cell(console, request, *c);
  page.facts = {{"投诉对象", target_cell(console, request, *c)},
                {"状态", BadgesCell{{status_badge(c->status)}}},
                {"投诉时间", TimeCell{c->create_time}},
                {"更新时间", TimeCell{c->update_time}},
                {"回复", ProseCell{c->admin_reply.value_or("-")}}};
  page.panels = {statement_of(*c), quotes_of(*c)};
  co_return Page(std::move(page));
}

AnswerTask complaint_form(Console& console, AdminRequest& request) {
  const ComplaintId id(request.id());
  CO_TRY(const auto c, co_await console.services.complaints.find(id, request.by));
  if (!c) co_return no_such_complaint();
  FormPage form{.title = Label("处理投诉"), .action = url("update", id)};
  form.is_edit = true;
  form.buttons = {{.text = "投诉详情", .url = url("show", id), .icon = "fa fa-eye"}};
  form.success_url = url("show", id);
  form.fields = {{.label = "处理状态",
                  .type = FieldType::kButtonGroup,
                  .name = "status",
                  .value = std::to_string(static_cast<int>(c->status)),
                  .required = true,
                  .choices = status_choices()},
                 {.label = "回复内容",
                  .type = FieldType::kTextarea,
                  .name = "admin_reply",
                  .placeholder = "请输入给投诉人的回复",
                  .value = c->admin_reply.value_or(""),
                  .max_length = static_cast<int>(chat::Complaints::kMaxReply),
                  .hint = "投诉人可以看到；留空则保留原来的回复"}};
  co_return Page(std::move(form));
}

AnswerTask update_complaint(Console& console, AdminRequest& request) {
  CO_TRY(const auto in, request.validate(kEdit));
  const ComplaintId id(request.id());
  CO_CHECK_OK(co_await console.services.complaints.handle(request.op(), id, in.text("status"),
                                                          in.text("admin_reply"), request.by));
  co_return Done{"修改成功", url("show", id), {Flash::Kind::kUpdated}};
}

AnswerTask complaint_json_list(Console& console, AdminRequest& request) {
  if (!may_handle(console, request)) {
    co_return worded(400, texts::kMayNotSee, wire::json::object());
  }
  CO_TRY(const auto in, request.validate(kPaging));
  const auto page = std::clamp<std::int64_t>(in.integer("page"), 1, 1'000'000);
  const auto size = std::clamp<std::int64_t>(in.integer("pageSize"), 1, 100);
  const auto found = co_await console.services.complaints.list(
      filter_from(request), static_cast<int>(size), (page - 1) * size, request.by);
  if (!found.has_value()) {
    co_return worded_fail(found.error(), texts::kComplaintFetchFailed, request);
  }
  wire::json::array list;
  for (const auto& complaint : found->complaints) list.push_back(wire::complaint(complaint));
  co_return worded(
      200, texts::kComplaintFetched,
      wire::json::object{
          {"list", std::move(list)}, {"total", found->total}, {"page", page}, {"pageSize", size}});
}

AnswerTask set_complaint_status(Console& console, AdminRequest& request) {
  if (!may_handle(console, request)) {
    co_return worded(400, texts::kMayNotHandle, wire::json::object());
  }
  CO_TRY(const auto in, request.validate(kState));
  const ComplaintId id(request.id());
  const auto done = co_await console.services.complaints.handle(request.op(), id, in.text("status"),
                                                                in.text("admin_reply"), request.by);
  if (!done.has_value()) {
    co_return worded_fail(done.error(), texts::kComplaintUpdateFailed, request);
  }
  co_return worded(200, texts::kComplaintUpdated, wire::json::object());
}

}  // namespace qn::console
