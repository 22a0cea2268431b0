#include <algorithm>
#include <charconv>

#include "api/chat_api.h"
#include "api/handlers.h"
#include "intake/upload_form.h"

namespace qn::api {
namespace {

using model::UploadOwner;

constexpr std::string_view kPictureField = "img";
constexpr std::string_view kPictureFolder = "images";
constexpr std::string_view kPictureFailed = "上传失败: ";

UploadOwner owner_of(const ApiRequest& request) {
  return {UploadOwner::Kind::kUser, request.caller.user.value};
}

// What the picture route answers when the user's own doing fails (§7.2). Our own
// failures keep their status.
Error picture_error(Error error) {
  switch (error.code) {
    case ErrorCode::kRefused:
    case ErrorCode::kMalformed:
    case ErrorCode::kTooLarge:
      error.code = ErrorCode::kRefused;
      error.text = std::string(kPictureFailed) + error.text;
      return error;
    default:
      return error;
  }
}

bool is_host_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view(".-:[]_").find(c) != std::string_view::npos;
}

// The address under which the client reached us: "https://chat.example.org", or
// "" when that is nothing one could write into an address.
std::string origin_of(const net::HttpRequest& http) {
  const auto host = http.headers.find("host");
  if (host.empty() || !std::all_of(host.begin(), host.end(), is_host_character)) return {};
  // Somebody spoke for the client: a proxy that may, and may tell this as well.
  const bool is_proxied = http.peer != http.address;
  const bool is_tls =
      http.is_tls || (is_proxied && http.headers.find("x-forwarded-proto") == "https");
  return (is_tls ? "https://" : "http://") + std::string(host);
}

std::int64_t class_of(const ApiRequest& request) {
  std::int64_t id = 0;
  for (const auto& [name, value] : request.query) {
    if (name == "imageClassId") std::from_chars(value.data(), value.data() + value.size(), id);
  }
  return id;
}

}  // namespace

OpenTask open_file_upload(ChatApi& api, ApiRequest& request) {
  std::string folder;
  for (const auto& [name, value] : request.path) {
    if (name == "diydir") folder = value;
  }
  intake::UploadTarget target{owner_of(request), std::move(folder)};
  co_return co_await intake::open_upload(api.services.uploads, request.http, std::move(target),
                                         request.by);
}

ApiTask store_file_upload(ChatApi&, ApiRequest& request) {
  CO_TRY(const auto file, co_await intake::finish_upload(*request.sink, request.by));
  co_return intake::upload_reply(file);
}

OpenTask open_picture_upload(ChatApi& api, ApiRequest& request) {
  intake::UploadTarget target{owner_of(request), std::string(kPictureFolder),
                              std::string(kPictureField), chat::UploadPlace::kBucket};
  auto sink = co_await intake::open_upload(api.services.uploads, request.http, std::move(target),
                                           request.by);
  if (!sink.has_value()) co_return picture_error(std::move(sink).error());
  co_return sink;
}

ApiTask store_picture_upload(ChatApi&, ApiRequest& request) {
  const auto file = co_await intake::finish_upload(*request.sink, request.by);
  if (!file.has_value()) co_return picture_error(file.error());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(file->stored_at.time_since_epoch());
  const bool is_local = file->url.starts_with('/');
  const std::string origin = is_local ? origin_of(request.http) : std::string();
  co_return ok(wire::json::array{{{"url", origin + file->url},
                                  {"path", file->path},
                                  {"image_class_id", class_of(request)},
                                  {"create_time", seconds.count()}}});
}

}  // namespace qn::api
