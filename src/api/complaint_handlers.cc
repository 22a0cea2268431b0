#include <charconv>
#include <optional>

#include "api/chat_api.h"
#include "api/handlers.h"
#include "api/own_envelopes.h"
#include "api/rules.h"
#include "chat/texts.h"
#include "wire/complaint_json.h"

// Complaints (chat-http-api.md §11). Their replies are never the standard
// envelope, so every handler turns its errors into a reply itself.
namespace qn::api {
namespace {

namespace texts = chat::texts;
using chat::Complaints;

// None that exists when it is no number.
ComplaintId id_from(const wire::Values& in) {
  const auto& text = in.text("id");
  std::int64_t id = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id);
  return failed == std::errc() && end == text.data() + text.size() ? ComplaintId(id)
                                                                   : ComplaintId();
}

// A field that JavaScript calls true; nothing otherwise.
const wire::json::value* given(const ApiRequest& request, std::string_view name) {
  const auto* value = request.body.fields.if_contains(name);
  if (!value || value->is_null()) return nullptr;
  const bool is_empty = value->is_string() && value->get_string().empty();
  const bool is_false = value->is_bool() && !value->get_bool();
  return is_empty || is_false ? nullptr : value;
}

Result<std::optional<std::vector<std::string>>> images_from(const ApiRequest& request) {
  const auto* value = given(request, "images");
  if (!value) return std::optional<std::vector<std::string>>();
  auto images = wire::image_list(*value);
  if (!images) return refused(texts::kBadImages);
  return images;
}

Result<Complaints::Draft> draft_from(const wire::Values& in, const ApiRequest& request) {
  Complaints::Draft draft{.target_id = in.text("target_id"),
                          .target_type = in.text("target_type"),
                          .target_name = in.text("target_name"),
                          .reason = in.text("reason"),
                          .content = in.text("content"),
                          .images = {},
                          .quotes = "[]"};
  TRY(auto images, images_from(request));
  if (images) draft.images = std::move(*images);
  if (const auto* value = given(request, "complaint_chatinfo")) {
    auto quotes = wire::quotes_text(*value);
    if (!quotes) return refused(texts::kBadQuotes);
    draft.quotes = std::move(*quotes);
  }
  return draft;
}

}  // namespace

ApiTask create_complaint(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kComplaintDraftRules));
  auto draft = draft_from(in, request);
  if (!draft.has_value()) co_return worded_fail(draft.error(), {}, request);
  const auto id =
      co_await api.services.complaints.create(request.caller, std::move(*draft), request.by);
  if (!id.has_value()) co_return worded_fail(id.error(), texts::kComplaintCreateFailed, request);
  co_return worded(texts::kComplaintCreated, wire::json::object{{"id", id->value}});
}

ApiTask list_complaints(ChatApi& api, ApiRequest& request) {
  const auto mine = co_await api.services.complaints.mine(request.caller, request.by);
  if (!mine.has_value()) co_return worded_fail(mine.error(), texts::kComplaintFetchFailed, request);
  wire::json::array list;
  for (const auto& complaint : *mine) list.push_back(wire::complaint(complaint));
  co_return worded(texts::kComplaintFetched, list);
}

ApiTask show_complaint(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kComplaintIdRules));
  const auto found = co_await api.services.complaints.get(request.caller, id_from(in), request.by);
  if (!found.has_value()) {
    co_return worded_fail(found.error(), texts::kComplaintFetchFailed, request);
  }
  co_return worded(texts::kComplaintFetched, wire::complaint(*found));
}

ApiTask update_complaint(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kComplaintEditRules));
  auto images = images_from(request);
  if (!images.has_value()) co_return worded_fail(images.error(), {}, request);
  Complaints::Edit edit;
  if (!in.text("content").empty()) edit.content = in.text("content");
  edit.images = std::move(*images);
  const auto done = co_await api.services.complaints.edit(request.caller, id_from(in),
                                                          std::move(edit), request.by);
  if (!done.has_value()) {
    co_return worded_fail(done.error(), texts::kComplaintUpdateFailed, request);
  }
  co_return worded(texts::kComplaintUpdated, wire::json::object());
}

ApiTask delete_complaint(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kComplaintIdRules));
  const auto done =
      co_await api.services.complaints.remove(request.caller, id_from(in), request.by);
  if (!done.has_value()) {
    co_return worded_fail(done.error(), texts::kComplaintDeleteFailed, request);
  }
  co_return worded(texts::kComplaintDeleted, wire::json::object());
}

}  // namespace qn::api
