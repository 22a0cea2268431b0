#include "chat/video_covers.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/text.h"
#include "chat/texts.h"
#include "media/upload_policy.h"

namespace qn::chat {
namespace {

constexpr std::string_view kUploads = "/public/uploads/";
constexpr double kMaxWidth = 3840;
constexpr double kMaxTime = 1e10;  // later than the end of anything

bool is_film(std::string_view path) {
  const auto kind = media::kind_of_name(path);
  return kind.has_value() && kind->file_class == media::FileClass::kFilm;
}

// The checks of the contract, in its order, then ours.
Result<media::CoverOrder> order_of(const CoverRequest& request) {
  if (request.video_url.empty()) return refused(texts::kNoVideoUrl);
  if (!request.time || !(*request.time >= 0)) return refused(texts::kBadVideoTime);
  if (request.width && !(*request.width >= 1 && *request.width <= kMaxWidth)) {
    return refused(texts::kBadCoverWidth);
  }
  media::CoverOrder order;
  order.format = request.format.empty() ? "png" : request.format;
  if (order.format != "png" && order.format != "jpg" && order.format != "jpeg") {
    return refused(texts::kBadCoverFormat);
  }
  auto path = uploaded_path(request.video_url);
  if (!path || !is_film(*path)) return refused(texts::kForeignVideo);
  order.film = std::move(*path);
  order.at =
      std::chrono::milliseconds(static_cast<std::int64_t>(std::min(*request.time, kMaxTime)));
  if (request.width) order.width = static_cast<std::uint32_t>(*request.width);
  return order;
}

}  // namespace

std::optional<std::string> uploaded_path(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
    if (url.substr(0, scheme) != "http" && url.substr(0, scheme) != "https") return std::nullopt;
    url.remove_prefix(std::min(url.find('/', scheme + 3), url.size()));
  }
  url = url.substr(0, url.find_first_of("?#"));
  if (!url.starts_with(kUploads)) return std::nullopt;
  return percent_decode(url.substr(kUploads.size()), Plus::kLiteral);
}

Task<Result<VideoCover>> VideoCovers::make(Caller caller, CoverRequest request, Deadline by) {
  CO_TRY(auto order, order_of(request));
  const model::UploadOwner owner{model::UploadOwner::Kind::kUser, caller.user.value};
  CO_CHECK_OK(co_await uploads_.check(owner, 1, by));
  const std::string format = order.format;
  auto made = co_await maker_.make(std::move(order), by);
  if (!made.has_value()) {
    if (made.error().code == ErrorCode::kNotFound) co_return refused(texts::kNoVideo);
    co_return std::move(made).error();
  }
  CO_CHECK_OK(co_await uploads_.note(owner, {}, made->file, by));
  VideoCover cover{local_url(made->file.path), {}};
  if (options_.with_base64) {
    cover.base64 = "data:image/" + format + ";base64," + to_base64(made->bytes);
  }
  co_return cover;
}

}  // namespace qn::chat
