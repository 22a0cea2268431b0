#include "api/chat_api.h"
#include "api/handlers.h"
#include "api/login_reply.h"
#include "api/rules.h"
#include "chat/texts.h"

namespace qn::api {
namespace {

// The header is looked at before the body is checked, the signature after
// (chat-http-api.md §2.1).
Result<std::string> find_signature(const ApiRequest& request) {
  const auto header = request.http.headers.find("x-security-sign");
  if (header.empty()) return refused(chat::texts::kNoSignature);
  return std::string(header);
}

chat::SignedDevice signed_device(const wire::Values& in, std::string signature) {
  return {in.text("deviceId"), in.integer("timestamp"), std::move(signature)};
}

}  // namespace

ApiTask visitor_enter(ChatApi& api, ApiRequest& request) {
  CO_TRY(auto signature, find_signature(request));
  CO_TRY(const auto in, request.validate(kVisitorDeviceRules));
  model::Device device{in.text("deviceId"), in.text("uniplatform"), in.text("devicemodel"),
                       in.text("deviceos"), in.text("devicebrand")};
  auto proof = signed_device(in, std::move(signature));
  CO_TRY(const auto result, co_await api.services.visitors.enter(
                                std::move(proof), std::move(device), request.origin(), request.by));
  co_return login_reply(api, result);
}

ApiTask visitor_register(ChatApi& api, ApiRequest& request) {
  CO_TRY(auto signature, find_signature(request));
  CO_TRY(const auto in, request.validate(kVisitorSignedCredentialsRules));
  auto proof = signed_device(in, std::move(signature));
  CO_TRY(const auto result, co_await api.services.visitors.register_visitor(
                                std::move(proof), in.text("username"), in.text("password"),
                                request.origin(), request.by));
  co_return login_reply(api, result);
}

ApiTask visitor_login(ChatApi& api, ApiRequest& request) {
  CO_TRY(auto signature, find_signature(request));
  CO_TRY(const auto in, request.validate(kVisitorSignedCredentialsRules));
  auto proof = signed_device(in, std::move(signature));
  CO_TRY(const auto result,
         co_await api.services.visitors.login(std::move(proof), in.text("username"),
                                              in.text("password"), request.origin(), request.by));
  co_return login_reply(api, result);
}

}  // namespace qn::api
