#include "media/http_transfer.h"

#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace qn::media {
namespace {

constexpr long kConnectTime = 5'000;  // ms
// Whoever takes less than that for so long takes nothing.
constexpr long kLeastSpeed = 1;  // bytes a second
constexpr long kSilence = 20;    // seconds
constexpr std::size_t kMaxReply = 16 * 1024;

struct Cleanup {
  void operator()(CURL* handle) const { ::curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, Cleanup>;
using Lines = std::unique_ptr<curl_slist, Cleanup>;

// The state of one transfer while it runs.
struct Running {
  const Transfer& request;
  std::uint64_t sent = 0;
  TransferReply reply;
};

std::size_t give_body(char* out, std::size_t size, std::size_t count, void* data) {
  auto& running = *static_cast<Running*>(data);
  const auto wanted = std::min<std::uint64_t>(size * count, running.request.size - running.sent);
  for (;;) {
    const ssize_t n = ::pread(running.request.body, out, wanted, static_cast<off_t>(running.sent));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return CURL_READFUNC_ABORT;
    running.sent += static_cast<std::uint64_t>(n);
    return static_cast<std::size_t>(n);
  }
}

// libcurl sends again what was lost with a connection the server had closed.
int rewind_body(void* data, curl_off_t offset, int origin) {
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Running*>(data)->sent = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

std::size_t take_reply(char* bytes, std::size_t size, std::size_t count, void* data) {
  auto& body = static_cast<Running*>(data)->reply.body;
  body.append(bytes, std::min(size * count, kMaxReply - std::min(kMaxReply, body.size())));
  return size * count;
}

int look_around(void* data, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto* is_cancelled = static_cast<Running*>(data)->request.is_cancelled;
  return is_cancelled != nullptr && is_cancelled->load() ? 1 : 0;
}

Handle make_handle() {
  static const CURLcode ready = ::curl_global_init(CURL_GLOBAL_DEFAULT);
  return Handle(ready == CURLE_OK ? ::curl_easy_init() : nullptr);
}

Lines header_lines(const Transfer& request) {
  curl_slist* lines = ::curl_slist_append(nullptr, "Expect:");
  for (const auto& [name, value] : request.headers) {
    lines = ::curl_slist_append(lines, (name + ": " + value).c_str());
  }
  return Lines(lines);
}

void set_up(CURL* handle, const Transfer& request, Running& running, curl_slist* lines,
            char* failure) {
  ::curl_easy_reset(handle);  // keeps the connections
  ::curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
  ::curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  ::curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  ::curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  ::curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
  ::curl_easy_setopt(handle, CURLOPT_PROXY, "");
  ::curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  ::curl_easy_setopt(handle, CURLOPT_HTTPHEADER, lines);
  ::curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, failure);
  ::curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, kConnectTime);
  ::curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.time.count()));
  ::curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, kLeastSpeed);
  ::curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, kSilence);
  ::curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &take_reply);
  ::curl_easy_setopt(handle, CURLOPT_WRITEDATA, &running);
  ::curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  ::curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &look_around);
  ::curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &running);
  if (request.body < 0) return;
  ::curl_easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  ::curl_easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.size));
  ::curl_easy_setopt(handle, CURLOPT_READFUNCTION, &give_body);
  ::curl_easy_setopt(handle, CURLOPT_READDATA, &running);
  ::curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, &rewind_body);
  ::curl_easy_setopt(handle, CURLOPT_SEEKDATA, &running);
}

}  // namespace

Result<TransferReply> transfer(const Transfer& request) {
  thread_local const Handle handle = make_handle();
  if (!handle) return internal_error("libcurl cannot be started");
  char failure[CURL_ERROR_SIZE] = "";
  Running running{request, 0, {}};
  const Lines lines = header_lines(request);
  set_up(handle.get(), request, running, lines.get(), failure);
  const CURLcode code = ::curl_easy_perform(handle.get());
  if (code == CURLE_OK) {
    long status = 0;
    ::curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    running.reply.status = static_cast<int>(status);
    return std::move(running.reply);
  }
  const std::string what = *failure != '\0' ? failure : ::curl_easy_strerror(code);
  const bool is_late = code == CURLE_OPERATION_TIMEDOUT || code == CURLE_ABORTED_BY_CALLBACK;
  return Error{is_late ? ErrorCode::kDeadline : ErrorCode::kUnavailable, {}, what};
}

}  // namespace qn::media
