#include <charconv>

#include "api/chat_api.h"
#include "api/handlers.h"
#include "api/rules.h"
#include "chat/groups.h"
#include "chat/texts.h"
#include "wire/envelope.h"
#include "wire/group_json.h"

namespace qn::api {
namespace {

// Ids come as numbers or as text; anything else is nobody's.
std::vector<FriendRowId> friend_rows(const wire::json::array& items) {
  std::vector<FriendRowId> rows;
  for (const auto& item : items) {
    std::int64_t id = 0;
    if (item.is_int64()) id = item.get_int64();
    if (const auto* text = item.if_string()) {
      const char* const end = text->data() + text->size();
      const auto [stop, failed] = std::from_chars(text->data(), end, id);
      if (failed != std::errc() || stop != end) id = 0;
    }
    if (id > 0) rows.emplace_back(id);
  }
  return rows;
}

}  // namespace

ApiTask create_group(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kGroupUserIdsRules));
  CO_CHECK_OK(co_await api.services.groups.create(request.caller, friend_rows(in.array("userIds")),
                                                  request.by));
  co_return ok_text("ok");
}

ApiTask list_groups(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kGroupPageRules));
  CO_TRY(const auto groups, co_await api.services.groups.list(request.caller, in.integer("page"),
                                                              in.integer("limit"), request.by));
  wire::json::array rows;
  for (const auto& entry : groups) {
    rows.push_back(wire::listed_group(entry.group, entry.mine, api.options.utc_offset));
  }
  co_return ok(wire::json::value(std::move(rows)));
}

ApiTask group_info(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kGroupIdRules));
  CO_TRY(const auto info,
         co_await api.services.groups.info(request.caller, GroupId(in.integer("id")), request.by));
  const auto write = info.is_member ? &wire::group_info : &wire::group_info_for_outsiders;
  net::HttpReply reply;
  reply.content_type = wire::kJsonType;
  reply.body = wire::ok_envelope_raw(write(info.group, info.members, api.options.utc_offset));
  co_return reply;
}

ApiTask rename_group(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kGroupNameRules));
  CO_CHECK_OK(co_await api.services.groups.rename(request.caller, GroupId(in.integer("id")),
                                                  in.text("name"), request.by));
  co_return ok_text("ok");
}

ApiTask set_group_remark(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kGroupRemarkRules));
  CO_CHECK_OK(co_await api.services.groups.set_remark(request.caller, GroupId(in.integer("id")),
                                                      in.text("remark"), request.by));
  co_return ok_text("ok");
}

ApiTask set_group_nickname(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kGroupNicknameRules));
  CO_CHECK_OK(co_await api.services.groups.set_nickname(request.caller, GroupId(in.integer("id")),
                                                        in.text("nickname"), request.by));
  co_return ok_text("ok");
}

ApiTask leave_group(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kGroupIdRules));
  CO_CHECK_OK(
      co_await api.services.groups.leave(request.caller, GroupId(in.integer("id")), request.by));
  co_return ok_text("ok");
}

ApiTask remove_group_member(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kGroupMemberRules));
  CO_CHECK_OK(co_await api.services.groups.remove_member(
      request.caller, GroupId(in.integer("group_id")), UserId(in.integer("user_id")), request.by));
  co_return ok_text(chat::texts::kMemberRemoved);
}

ApiTask invite_to_group(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kGroupInvitationRules));
  chat::Invitation invitation{.group = GroupId(in.integer("group_id")),
                              .user = UserId(in.integer("user_id")),
                              .inviter = in.integer("inviteuser_id"),
                              .text = in.text("addGroupDesc")};
  CO_TRY(const auto text,
         co_await api.services.groups.invite(request.caller, std::move(invitation), request.by));
  co_return ok_text(text);
}

ApiTask set_group_policy(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kGroupPolicyRules));
  const int policy = static_cast<int>(in.integer("addGroupSet"));
  CO_CHECK_OK(co_await api.services.groups.set_policy(
      request.caller, GroupId(in.integer("group_id")), policy, request.by));
  co_return ok_text(chat::texts::kPolicySet);
}

ApiTask judge_applicant(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kGroupVerdictRules));
  const auto verdict = in.text("type") == "agree" ? chat::Verdict::kAgree : chat::Verdict::kRefuse;
  CO_CHECK_OK(co_await api.services.groups.judge(request.caller, GroupId(in.integer("group_id")),
                                                 UserId(in.integer("user_id")), verdict,
                                                 request.by));
  co_return ok_text(chat::texts::kApplicantJudged);
}

}  // namespace qn::api
