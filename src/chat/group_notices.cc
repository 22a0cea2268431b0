#include "chat/group_notices.h"

#include <boost/json.hpp>
#include <utility>

#include "base/time_text.h"
#include "chat/page_links.h"
#include "chat/texts.h"

namespace qn::chat {

using model::Message;

namespace {

namespace json = boost::json;

std::string bracketed(std::string_view name) {
  return '[' + std::string(name) + ']';
}

// A grey line in the group's conversation.
Message in_group(Notice notice, const model::Group& group, std::string text) {
  Message m;
  m.id = std::move(notice.id);
  m.to_id = group.id.value;
  m.to_name = group.name;
  m.to_avatar = group.avatar;
  m.chat_type = model::ChatType::kGroup;
  m.type = "systemNotice";
  m.text = std::move(text);
  m.group = group;
  m.create_time = notice.now;
  return m;
}

Message from(Message m, UserId user, std::string_view name, std::string_view avatar) {
  m.from = user;
  m.from_name = name;
  m.from_avatar = avatar;
  return m;
}

Message from(Message m, const store::GroupPlace& place) {
  return from(std::move(m), place.user.id, place.name(), place.avatar());
}

// The sender of notices about joining, of one user and moment.
std::string join_key(const Newcomer& n, Time now) {
  return "redirect-applyAddGroup" + std::to_string(n.group.id.value) + '-' +
         std::to_string(n.user.id.value) + '-' + std::to_string(to_millis(now));
}

// "[inviter]邀请 [user]"
std::string who_joins(const Newcomer& n) {
  const std::string user = bracketed(n.user.name());
  return n.inviter.empty() ? user : bracketed(n.inviter) + "邀请 " + user;
}

Message joined(Notice notice, const Newcomer& n, std::string text) {
  const std::string key = join_key(n, notice.now);
  Message m = in_group(std::move(notice), n.group, std::move(text));
  m.from = key;
  m.from_name = texts::kJoinNoticeName;
  m.from_avatar = texts::kGroupPicture;
  return m;
}

std::string request_details(const JoinRequest& request, const std::string& key, Time now) {
  const Newcomer& n = request.newcomer;
  return json::serialize(
      json::object{{"addGroupUserType", request.is_invited ? "邀请进群" : "用户自主进群"},
                   {"inviteUser", n.inviter.empty() ? "" : n.inviter + ' '},
                   {"addGroupTime", to_millis(now)},
                   {"addGroupDesc", request.text},
                   {"addGroupUserRole", model::to_string(n.user.role)},
                   {"msgidKey", key}});
}

std::string request_page(const Newcomer& n, std::string_view details) {
  return "/pages/setpageInfo/setpageInfo?action=applyAddGroup&title=" +
         encode_component("加群申请") + "&id=" + std::to_string(n.group.id.value) +
         "&name=" + encode_component(n.group.name) + "&avatar=" + encode_component(n.group.avatar) +
         "&chatType=group&applyUserid=" + std::to_string(n.user.id.value) +
         "&applyUsername=" + encode_breaking(n.user.name()) + "&applyUseruuid=" + n.user.uuid +
         "&applyUseravatar=" + encode_component(n.user.avatar) +
         "&applydesc=" + encode_component(details);
}

}  // namespace

Message group_created(Notice notice, const model::Group& group, const model::Person& owner) {
  std::string text = owner.name() + "创建了一个群，大家可以开始聊天了";
  return from(in_group(std::move(notice), group, std::move(text)), owner.id, owner.name(),
              owner.avatar);
}

Message group_renamed(Notice notice, const store::GroupPlace& owner) {
  std::string text = "群名称修改为：" + owner.group.name;
  return from(in_group(std::move(notice), owner.group, std::move(text)), owner);
}

Message group_remarked(Notice notice, const store::GroupPlace& owner) {
  std::string text = "[公告] \n\n " + owner.group.remark;
  return from(in_group(std::move(notice), owner.group, std::move(text)), owner);
}

Message member_joined(Notice notice, const Newcomer& newcomer) {
  return joined(std::move(notice), newcomer, who_joins(newcomer) + " 加入了群聊");
}

Message member_approved(Notice notice, const Newcomer& newcomer) {
  return joined(std::move(notice), newcomer, bracketed(newcomer.user.name()) + " 加入了群聊");
}

Message approval_asked(Notice notice, const store::GroupPlace& owner, const JoinRequest& request) {
  const Newcomer& n = request.newcomer;
  const std::string key = join_key(n, notice.now);
  std::string details = request_details(request, key, notice.now);
  Message m;
  m.id = std::move(notice.id);
  m.from = key;
  m.from_name = texts::kJoinRequestName;
  m.from_avatar = texts::kGroupPicture;
  m.to_id = owner.user.id.value;
  m.to_name = owner.name();
  m.to_avatar = owner.avatar();
  m.text = "请处理申请 " + who_joins(n) + " 加入了群" + bracketed(n.group.name);
  m.redirect = model::Redirect{.url = request_page(n, details), .desc = std::move(details)};
  m.group = n.group;
  m.create_time = notice.now;
  m.msgid_key = key;
  return m;
}

Message group_dissolved(Notice notice, const store::GroupPlace& owner,
                        std::chrono::minutes utc_offset) {
  std::string text = "群主于 " + local_time(notice.now, utc_offset) + " 解散了该群";
  return from(in_group(std::move(notice), owner.group, std::move(text)), owner);
}

Message member_quit(Notice notice, const store::GroupPlace& member,
                    std::chrono::minutes utc_offset) {
  std::string text = member.name() + "于 " + local_time(notice.now, utc_offset) + " 已退出群聊";
  return from(in_group(std::move(notice), member.group, std::move(text)), member);
}

}  // namespace qn::chat
