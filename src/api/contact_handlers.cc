#include "api/chat_api.h"
#include "api/handlers.h"
#include "api/rules.h"
#include "chat/texts.h"
#include "wire/contact_json.h"
#include "wire/envelope.h"

namespace qn::api {
namespace {

chat::Paging paging(const wire::Values& in) {
  return {in.integer("page"), in.integer("limit")};
}

}  // namespace

ApiTask apply_friend(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kContactApplyRules));
  const UserId to(in.integer("friend_id"));
  CO_CHECK_OK(co_await api.services.friend_requests.apply(request.caller, to, in.text("nickname"),
                                                          request.by));
  co_return ok_text("ok");
}

ApiTask list_applies(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kContactApplyPageRules));
  CO_TRY(const auto page,
         co_await api.services.friend_requests.list(request.caller, paging(in), request.by));
  wire::json::array entries;
  for (const auto& entry : page.entries) {
    entries.push_back(wire::apply_entry(entry, api.options.utc_offset));
  }
  co_return ok({{"alldata", std::move(entries)}, {"pendingCount", page.pending}});
}

ApiTask find_apply(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kContactUuidRules));
  CO_TRY(const auto apply, co_await api.services.friend_requests.get_from(
                               request.caller, in.text("uuid"), request.by));
  co_return ok(wire::apply_row(apply));
}

ApiTask handle_apply(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kContactAnswerRules));
  const ApplyId id(in.integer("id"));
  chat::FriendRequestService::Answer answer;
  answer.status = model::apply_status_from(in.text("status"));
  answer.remark = in.text("nickname");
  CO_CHECK_OK(co_await api.services.friend_requests.handle(request.caller, id, std::move(answer),
                                                           request.by));
  co_return ok_text("ok");
}

ApiTask add_friend_at_once(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kContactAddAtOnceRules));
  const UserId to(in.integer("friend_id"));
  CO_CHECK_OK(co_await api.services.friend_requests.add_at_once(request.caller, to,
                                                                in.text("nickname"), request.by));
  co_return ok_text("ok");
}

ApiTask list_friends(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kContactFriendPageRules));
  CO_TRY(const auto contacts,
         co_await api.services.contacts.list(request.caller, paging(in), request.by));
  net::HttpReply reply;
  reply.content_type = wire::kJsonType;
  reply.body = wire::ok_envelope_raw(wire::contact_list(contacts));
  co_return std::move(reply);
}

ApiTask friend_profile(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kContactFriendRules));
  const UserId id(in.integer("id"));
  CO_TRY(const auto found,
         co_await api.services.contacts.get_profile(request.caller, id, request.by));
  co_return ok(wire::friend_profile(found));
}

ApiTask is_my_friend(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kContactPalRules));
  const UserId id(in.integer("id"));
  CO_TRY(const auto found, co_await api.services.contacts.get(request.caller, id, request.by));
  co_return ok(wire::friend_row(found));
}

ApiTask toggle_black_friend(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kContactFriendRules));
  const UserId id(in.integer("id"));
  CO_CHECK_OK(co_await api.services.contacts.toggle_black(request.caller, id, request.by));
  co_return ok_text("ok");
}

ApiTask toggle_star_friend(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kContactFriendRules));
  const UserId id(in.integer("id"));
  CO_CHECK_OK(co_await api.services.contacts.toggle_star(request.caller, id, request.by));
  co_return ok_text("ok");
}

ApiTask set_friend_visibility(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kContactVisibilityRules));
  const UserId id(in.integer("id"));
  model::FriendSettings settings;
  settings.friend_looks_at_me = in.integer("friendlookme") == 1;
  settings.i_look_at_friend = in.integer("melookfriend") == 1;
  CO_CHECK_OK(
      co_await api.services.contacts.set_visibility(request.caller, id, settings, request.by));
  co_return ok_text("ok");
}

ApiTask delete_friend(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kContactPalRules));
  const UserId id(in.integer("id"));
  CO_CHECK_OK(co_await api.services.contacts.remove(request.caller, id, request.by));
  co_return ok_text(chat::texts::kFriendDeleted);
}

}  // namespace qn::api
