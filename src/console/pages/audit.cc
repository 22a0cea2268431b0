#include <algorithm>
#include <array>

#include "console/pages/handlers.h"
#include "console/paging.h"
#include "wire/json.h"

// The audit log: who did what, when and from where.
namespace qn::console {
namespace {

constexpr std::string_view kList = "/admin/audit/index";
constexpr std::size_t kMaxKeyword = 200;

struct ActionName {
  std::string_view action;
  Label label;
  Tone tone = Tone::kPlain;
};
constexpr std::array kActions = {
    ActionName{"user.create", "创建用户", Tone::kGood},
    ActionName{"user.update", "修改用户", Tone::kInfo},
    ActionName{"user.password", "重置用户密码", Tone::kWarn},
    ActionName{"user.enable", "启用用户", Tone::kGood},
    ActionName{"user.disable", "禁用用户", Tone::kWarn},
    ActionName{"user.delete", "删除用户", Tone::kBad},
    ActionName{"user.sign_out", "退出用户设备", Tone::kWarn},
    ActionName{"user.mute", "禁言用户", Tone::kWarn},
    ActionName{"user.unmute", "解除用户禁言", Tone::kGood},
    ActionName{"user.disconnect", "断开用户连接", Tone::kWarn},
    ActionName{"user.export", "导出用户", Tone::kInfo},
    ActionName{"manager.create", "创建管理员", Tone::kGood},
    ActionName{"manager.update", "修改管理员", Tone::kInfo},
    ActionName{"manager.enable", "启用管理员", Tone::kGood},
    ActionName{"manager.disable", "禁用管理员", Tone::kWarn},
    ActionName{"manager.delete", "删除管理员", Tone::kBad},
    ActionName{"manager.login", "管理员登录"},
    ActionName{"manager.logout", "管理员退出"},
    ActionName{"manager.login_failed", "登录失败", Tone::kBad},
    ActionName{"group.enable", "启用群组", Tone::kGood},
    ActionName{"group.disable", "禁用群组", Tone::kWarn},
    ActionName{"group.remark", "修改群公告", Tone::kInfo},
    ActionName{"group.dissolve", "解散群组", Tone::kBad},
    ActionName{"group.mute", "禁言群成员", Tone::kWarn},
    ActionName{"group.unmute", "解除群成员禁言", Tone::kGood},
    ActionName{"message.search", "浏览消息内容", Tone::kInfo},
    ActionName{"message.read", "查看单条消息", Tone::kInfo},
    ActionName{"complaint.update", "处理投诉", Tone::kInfo},
    ActionName{"upload.create", "上传文件", Tone::kInfo},
};

Cell action_cell(const std::string& action) {
  const auto it = std::find_if(kActions.begin(), kActions.end(),
                               [&](const ActionName& name) { return name.action == action; });
  if (it == kActions.end()) return TextCell{action};
  return BadgesCell{{{it->label, it->tone}}};
}

wire::json::object fields_of(const std::string& json) {
  auto value = wire::parse_json(json);
  if (!value.has_value() || !value->is_object()) return {};
  return std::move(value->get_object());
}

std::string shown(const wire::json::object& fields, std::string_view key) {
  const auto* value = fields.if_contains(key);
  if (!value) return {};
  return value->is_string() ? std::string(value->get_string()) : wire::to_json(*value);
}

ChangesCell changes_of(const model::AuditEntry& entry) {
  const auto before = fields_of(entry.before);
  const auto after = fields_of(entry.after);
  ChangesCell cell;
  for (const auto& pair : before) {
    cell.changes.push_back({pair.key(), shown(before, pair.key()), shown(after, pair.key())});
  }
  for (const auto& pair : after) {
    if (!before.contains(pair.key()))
      cell.changes.push_back({pair.key(), "", shown(after, pair.key())});
  }
  return cell;
}

Cell target_cell(const model::AuditEntry& entry) {
  if (entry.target_type.empty()) return EmptyCell{};
  const std::string id = std::to_string(entry.target_id);
  return TextCell{entry.target_name.empty() ? id : entry.target_name, entry.target_type + " " + id};
}

Row row_of(const model::AuditEntry& entry) {
  return {.id = entry.id,
          .cells = {TimeCell{entry.created_at},
                    TextCell{entry.manager_name.empty() ? "-" : entry.manager_name, entry.address},
                    action_cell(entry.action), target_cell(entry), changes_of(entry)}};
}

Filter action_filter(std::string selected) {
  Filter filter{
      .name = "action", .label = "全部操作", .choices = {}, .selected = std::move(selected)};
  for (const auto& name : kActions)
    filter.choices.push_back({std::string(name.action), name.label});
  return filter;
}

}  // namespace

AnswerTask list_audit(Console& console, AdminRequest& request) {
  const auto choice = page_choice(request);
  chat::AuditLog::Query query;
  query.keyword = request.asked("keyword").substr(0, kMaxKeyword);
  query.action = request.asked("action");
  query.limit = choice.limit;
  query.offset = choice.offset();
  CO_TRY(const auto found, co_await console.services.audit.find(std::move(query), request.by));

  TablePage page{.title = Label("操作日志"), .path = std::string(kList)};
  page.query = kept_query(request, {"keyword", "action"});
  page.search = Search{.placeholder = "搜索管理员、对象或 IP 地址",
                       .value = std::string(request.asked("keyword"))};
  page.filters = {action_filter(std::string(request.asked("action")))};
  page.pager = choice.pager(found.total);
  page.table.columns = {{.title = "时间", .width = "180"},
                        {.title = "管理员", .width = "180"},
                        {.title = "操作"},
                        {.title = "对象"},
                        {.title = "变更"}};
  for (const auto& entry : found.entries) page.table.rows.push_back(row_of(entry));
  co_return Page(std::move(page));
}

}  // namespace qn::console
