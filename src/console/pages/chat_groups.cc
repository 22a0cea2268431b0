#include "console/common_actions.h"
#include "console/pages/chat_users.h"
#include "console/pages/handlers.h"
#include "console/pages/mutes.h"
#include "console/paging.h"

// The groups: list, members, notice, disabling, dissolving.
namespace qn::console {
namespace {

constexpr std::string_view kList = "/admin/chatgroup/index";
constexpr std::size_t kMaxKeyword = 200;

constexpr wire::Rule kRemark[] = {
    {.name = "remark", .required = true, .min = 1, .max = 500, .desc = "群公告"},
};

std::string url(std::string_view page, GroupId id) {
  return "/admin/chatgroup/" + std::string(page) + '/' + std::to_string(id.value);
}

Error no_such_group() {
  return {ErrorCode::kNotFound, "该群不存在", "no such group"};
}

Action dissolve_action(GroupId id) {
  return {.text = "解散",
          .url = url("dissolve", id),
          .icon = "fa fa-trash",
          .tone = Tone::kBad,
          .confirm = Confirm{"解散群聊", Label("解散后所有成员都会离开该群，无法恢复。")}};
}

Action remark_action(GroupId id) {
  return {.text = "发布公告", .url = url("remark", id), .icon = "fa fa-bullhorn"};
}

PersonCell group_cell(const Console& console, const model::Group& group) {
  const auto first = group.avatar.substr(0, group.avatar.find(','));
  return {.avatar = console.picture(first),
          .name = group.name,
          .url = url("show", group.id),
          .lines = {Phrase::data("id:" + std::to_string(group.id.value))}};
}

PersonCell owner_cell(const Console& console, const model::Person& owner) {
  return {.avatar = console.picture(owner.avatar),
          .name = owner.name(),
          .url = user_url("show", owner.id)};
}

Row row_of(const Console& console, const store::GroupLine& line) {
  const auto id = line.group.id;
  Row row{.id = id.value};
  row.cells = {
      group_cell(console, line.group), owner_cell(console, line.owner),
      TextCell{std::to_string(line.members)},
      ToggleCell{
          .id = id.value, .value = line.group.status, .model = "Group", .controller = "chatgroup"},
      TimeCell{line.group.create_time}};
  row.actions = {{.text = "查看", .url = url("show", id), .icon = "fa fa-eye"},
                 dissolve_action(id)};
  return row;
}

Label join_policy(int invite_confirm) {
  if (invite_confirm == 1) return "需要群主同意";
  if (invite_confirm == 2) return "游客须先登录";
  return "任何人可加入";
}

Badge member_badge(const model::GroupMember& member, UserId owner) {
  if (member.user.id == owner) return {"群主", Tone::kInfo};
  if (member.member.status == 2) return {"待审核", Tone::kWarn};
  if (member.member.status == 0) return {"禁言", Tone::kBad};
  return {"成员", Tone::kPlain};
}

Row member_row(const Console& console, const chat::GroupAdmin::MemberLine& member, UserId owner) {
  const Time now = console.services.clock.now();
  Row row;
  row.cells = {PersonCell{.avatar = console.picture(member.avatar()),
                          .name = member.name(),
                          .url = user_url("show", member.user.id),
                          .lines = {Phrase::data("id:" + std::to_string(member.user.id.value))}},
               BadgesCell{{member_badge(member, owner)}}, TimeCell{member.member.create_time},
               muted_cell(member.muted_until, now)};
  const std::string whom =
      std::to_string(member.member.group.value) + '/' + std::to_string(member.user.id.value);
  row.actions = {mute_action("/admin/chatgroup", whom, is_muted(member.muted_until, now))};
  return row;
}

}  // namespace

AnswerTask list_groups(Console& console, AdminRequest& request) {
  const auto choice = page_choice(request);
  store::GroupFilter filter;
  filter.keyword = request.asked("keyword").substr(0, kMaxKeyword);
  if (const auto status = request.asked("status"); status == "0" || status == "1") {
    filter.status = status == "1";
  }
  CO_TRY(const auto found, co_await console.services.groups.list(std::move(filter), choice.limit,
                                                                 choice.offset(), request.by));
  TablePage page{.title = Label("群组列表"), .path = std::string(kList)};
  page.query = kept_query(request, {"keyword", "status"});
  page.search =
      Search{.placeholder = "搜索群名称或 id", .value = std::string(request.asked("keyword"))};
  page.filters = {{.name = "status",
                   .label = "全部状态",
                   .choices = {{"1", Label("启用")}, {"0", Label("禁用")}},
                   .selected = std::string(request.asked("status"))}};
  page.pager = choice.pager(found.total);
  page.table.columns = {{.title = "群组"},
                        {.title = "群主"},
                        {.title = "成员数", .width = "100"},
                        {.title = "可用状态", .width = "200", .align = Align::kCenter},
                        {.title = "创建时间", .width = "180"}};
  page.table.has_actions = true;
  page.table.empty = "没有符合条件的群组";
  for (const auto& line : found.groups) page.table.rows.push_back(row_of(console, line));
  co_return Page(std::move(page));
}

AnswerTask show_group(Console& console, AdminRequest& request) {
  const GroupId id(request.id());
  CO_TRY(const auto line, co_await console.services.groups.find(id, request.by));
  if (!line) co_return no_such_group();
  const auto& group = line->group;
  DetailPage page{.title = Label("群组详情")};
  page.buttons = {{.text = "群成员", .url = url("members", id), .icon = "fa fa-users"},
                  remark_action(id),
                  dissolve_action(id)};
  page.person = group_cell(console, group);
  page.facts = {{"状态", BadgesCell{{group.status == 1 ? Badge{"启用", Tone::kGood}
                                                       : Badge{"禁用", Tone::kBad}}}},
                {"群主", owner_cell(console, line->owner)},
                {"成员数", TextCell{std::to_string(line->members)}},
                {"待审核", TextCell{std::to_string(line->waiting)}},
                {"进群方式", LabelCell{join_policy(group.invite_confirm)}},
                {"创建时间", TimeCell{group.create_time}},
                {"群公告", TextCell{group.remark.empty() ? "-" : group.remark}}};
  co_return Page(std::move(page));
}

AnswerTask list_group_members(Console& console, AdminRequest& request) {
  const GroupId id(request.id());
  CO_TRY(const auto line, co_await console.services.groups.find(id, request.by));
  if (!line) co_return no_such_group();
  const auto choice = page_choice(request);
  CO_TRY(const auto found,
         co_await console.services.groups.members(id, choice.limit, choice.offset(), request.by));
  TablePage page{.title = Label("群成员"), .path = url("members", id)};
  page.buttons = {{.text = "群组详情", .url = url("show", id), .icon = "fa fa-info-circle"}};
  page.pager = choice.pager(found.total);
  page.table.columns = {{.title = "成员"},
                        {.title = "身份"},
                        {.title = "加入时间", .width = "180"},
                        {.title = "禁言到", .width = "180"}};
  page.table.has_actions = true;
  for (const auto& member : found.members) {
    page.table.rows.push_back(member_row(console, member, line->group.owner));
  }
  co_return Page(std::move(page));
}

AnswerTask group_remark_form(Console& console, AdminRequest& request) {
  const GroupId id(request.id());
  CO_TRY(const auto line, co_await console.services.groups.find(id, request.by));
  if (!line) co_return no_such_group();
  FormPage form{.title = Label("发布公告"), .action = url("remark", id)};
  form.fields = {{.label = "群公告",
                  .type = FieldType::kTextarea,
                  .name = "remark",
                  .placeholder = "请输入群公告",
                  .value = line->group.remark,
                  .required = true,
                  .max_length = 500,
                  .hint = "所有群成员都会收到通知"}};
  form.success_url = url("show", id);
  form.is_edit = true;
  co_return Page(std::move(form));
}

AnswerTask set_group_remark(Console& console, AdminRequest& request) {
  CO_TRY(const auto in, request.validate(kRemark));
  const GroupId id(request.id());
  CO_TRY(const bool done, co_await console.services.groups.set_remark(
                              request.op(), id, in.text("remark"), request.by));
  if (!done) co_return no_such_group();
  co_return Done{"修改成功", url("show", id), {Flash::Kind::kUpdated}};
}

AnswerTask ask_dissolve_group(Console& console, AdminRequest& request) {
  const GroupId id(request.id());
  CO_TRY(const auto line, co_await console.services.groups.find(id, request.by));
  if (!line) co_return no_such_group();
  co_return Page(question("解散群聊", Phrase("确定要解散群 {} 吗？", {line->group.name}),
                          dissolve_action(id), std::string(kList)));
}

AnswerTask dissolve_group(Console& console, AdminRequest& request) {
  const GroupId id(request.id());
  CO_TRY(const bool done, co_await console.services.groups.dissolve(request.op(), id, request.by));
  if (!done) co_return no_such_group();
  co_return Done{"解散成功", std::string(kList), {Flash::Kind::kDissolved}};
}

}  // namespace qn::console
