#include "api/chat_api.h"
#include "api/handlers.h"
#include "api/login_reply.h"
#include "api/rules.h"
#include "base/time_text.h"
#include "chat/texts.h"
#include "wire/user_json.h"

namespace qn::api {
namespace {}  // namespace

net::HttpReply login_reply(const ChatApi& api, const chat::LoginResult& result) {
  auto row = wire::user_row(result.user, api.options.utc_offset);
  row["token"] = result.token;
  return ok(row);
}

ApiTask register_user(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kAccountCredentialsRules));
  CO_TRY(const auto result,
         co_await api.services.accounts.register_user(in.text("username"), in.text("password"),
                                                      request.origin(), request.by));
  co_return login_reply(api, result);
}

ApiTask login(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kAccountCredentialsRules));
  CO_TRY(const auto result,
         co_await api.services.accounts.login(in.text("username"), in.text("password"),
                                              request.origin(), request.by));
  co_return login_reply(api, result);
}

ApiTask logout(ChatApi& api, ApiRequest& request) {
  CO_CHECK_OK(co_await api.services.accounts.logout(request.caller, request.by));
  co_return ok(true);
}

ApiTask set_password(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kAccountPasswordChangeRules));
  chat::AccountService::PasswordChange change{in.text("oldpassword"), in.text("newpassword"),
                                              in.text("checknewpassword")};
  CO_CHECK_OK(co_await api.services.accounts.change_password(request.caller, std::move(change),
                                                             request.by));
  co_return ok_text(chat::texts::kPasswordChanged);
}

ApiTask whoami(ChatApi&, ApiRequest& request) {
  const chat::Caller& caller = request.caller;
  co_return ok({{"id", caller.user.value},
                {"role", model::to_string(caller.token_role)},
                {"expires", iso_utc(caller.session_expires)}});
}

}  // namespace qn::api
