#include <charconv>
#include <cmath>
#include <limits>

#include "api/chat_api.h"
#include "api/handlers.h"
#include "api/rules.h"
#include "intake/upload_form.h"

// Film covers (chat-http-api.md §7.3) and uploads in pieces (additive).
namespace qn::api {
namespace {

constexpr std::string_view kOwnWidth = "原始宽度";
constexpr std::string_view kOwnFormat = "png";

// Numbers also come as text, from forms. Nothing: absent; NaN: no number.
std::optional<double> number_of(const wire::json::value* value) {
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->is_number()) return value->to_number<double>();
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if (!value->is_string()) return kNone;
  const std::string_view text = value->get_string();
  if (text.empty()) return std::nullopt;
  double number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && end == text.data() + text.size() ? number : kNone;
}

std::string text_of(const wire::json::value* value, std::string_view fallback) {
  if (value == nullptr || value->is_null()) return std::string(fallback);
  return value->is_string() ? std::string(value->get_string()) : wire::to_json(*value);
}

// What has come of a piece stays, also when the client breaks off.
class PieceSink final : public net::BodySink {
 public:
  explicit PieceSink(std::unique_ptr<chat::ResumablePiece> piece) : piece_(std::move(piece)) {}

  Task<Result<void>> write(std::string_view bytes) override {
    auto written = co_await piece_->write(bytes);
    if (!written.has_value()) failure_ = written.error();
    co_return written;
  }
  Task<Result<std::uint64_t>> finish(Deadline by) {
    if (failure_) co_return *failure_;
    co_return co_await piece_->finish(by);
  }

 private:
  const std::unique_ptr<chat::ResumablePiece> piece_;
  std::optional<Error> failure_;
};

net::HttpReply offset_reply(std::uint64_t offset) {
  return ok({{"offset", offset}});
}

}  // namespace

// The reference reads this body without its validator: the checks are the
// service's.
ApiTask make_video_cover(ChatApi& api, ApiRequest& request) {
  const auto& fields = request.body.fields;
  const auto* time = fields.if_contains("time");
  const auto* width = fields.if_contains("width");
  chat::CoverRequest order{text_of(fields.if_contains("videoUrl"), {}), number_of(time),
                           number_of(width), text_of(fields.if_contains("format"), kOwnFormat)};
  const bool has_width = order.width.has_value();
  const std::string format = order.format.empty() ? std::string(kOwnFormat) : order.format;
  CO_TRY(const auto cover,
         co_await api.services.covers.make(request.caller, std::move(order), request.by));
  co_return ok({{"base64", cover.base64},
                {"url", cover.url},
                {"format", format},
                {"time", *time},
                {"width", has_width ? *width : wire::json::value(kOwnWidth)}});
}

ApiTask begin_resumable(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kMediaResumableRules));
  chat::NewResumable upload{in.text("name"), in.text("folder"),
                            static_cast<std::uint64_t>(in.integer("size"))};
  CO_TRY(const auto id,
         co_await api.services.resumables.begin(request.caller, std::move(upload), request.by));
  co_return ok({{"upload_id", id}, {"offset", 0}, {"chunk", chat::ResumableUploads::kPiece}});
}

ApiTask resumable_offset(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kMediaIdRules));
  CO_TRY(const auto offset,
         co_await api.services.resumables.offset(request.caller, in.text("id"), request.by));
  co_return offset_reply(offset);
}

OpenTask open_resumable_piece(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kMediaPieceRules));
  const auto offset = static_cast<std::uint64_t>(in.integer("offset"));
  CO_TRY(auto piece,
         co_await api.services.resumables.open(request.caller, in.text("id"), offset, request.by));
  std::unique_ptr<net::BodySink> sink = std::make_unique<PieceSink>(std::move(piece));
  co_return sink;
}

ApiTask store_resumable_piece(ChatApi&, ApiRequest& request) {
  CO_TRY(const auto offset, co_await dynamic_cast<PieceSink&>(*request.sink).finish(request.by));
  co_return offset_reply(offset);
}

ApiTask finish_resumable(ChatApi& api, ApiRequest& request) {
  CO_TRY(const auto in, request.validate(kMediaIdRules));
  CO_TRY(const auto file,
         co_await api.services.resumables.finish(request.caller, in.text("id"), request.by));
  co_return intake::upload_reply(file);
}

}  // namespace qn::api
