#include "media/object_store.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/event_loops.h"
#include "base/log.h"
#include "media/digests.h"

namespace qn::media {
namespace {

constexpr int kMaxTries = 3;
constexpr std::size_t kKeyBytes = 6;  // 12 hexadecimal digits, as in the reference
constexpr std::string_view kEmptySha256 =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

constexpr std::string_view kHelp = "Requests to the object storage.";

template <class T>
Result<T> flat(Result<Result<T>> nested) {
  if (!nested.has_value()) return std::move(nested).error();
  return std::move(*nested);
}

// <Code>NoSuchBucket</Code> in the storage's explanation.
std::string reason_of(const TransferReply& reply) {
  const auto from = reply.body.find("<Code>");
  const auto to = reply.body.find("</Code>");
  std::string text = "status " + std::to_string(reply.status);
  if (from != std::string::npos && to != std::string::npos && from < to) {
    text += ' ' + reply.body.substr(from + 6, std::min<std::size_t>(to - from - 6, 100));
  }
  return text;
}

bool is_success(const TransferReply& reply) {
  return reply.status >= 200 && reply.status < 300;
}

bool is_passing(int status) {
  return status >= 500 || status == 429 || status == 408;
}

}  // namespace

ObjectStore::ObjectStore(ObjectOptions options, WorkerPool& pool, Clock& clock, Random& random,
                         Metrics& metrics)
    : options_(std::move(options)),
      pool_(pool),
      clock_(clock),
      random_(random),
      stored_(metrics.counter("qn_object_requests_total", kHelp, {{"result", "done"}})),
      failed_(metrics.counter("qn_object_requests_total", kHelp, {{"result", "failed"}})),
      retried_(metrics.counter("qn_object_requests_total", kHelp, {{"result", "retried"}})) {}

std::string ObjectStore::new_key(const FileKind& kind, std::string_view folder) {
  const Time now = clock_.now();
  return std::string(folder) + '/' + day_of(now, options_.utc_offset) + '/' +
         std::to_string(to_millis(now)) + '_' + random_.hex(kKeyBytes) + kind.extension;
}

Task<Result<Published>> ObjectStore::publish(const TempFile& file, FileKind kind,
                                             std::string folder) {
  auto job = [this, &file, kind] { return check(file, kind); };
  CO_TRY(const Checked checked, flat(co_await pool_.run(std::move(job))));
  Published out{new_key(kind, folder), checked.mime, file.size()};
  Request request{"PUT", out.path, checked.mime, checked.digest, file.fd(), file.size()};
  CO_CHECK_OK(co_await send(std::move(request)));
  co_return out;
}

Task<Result<void>> ObjectStore::remove(std::string key) {
  Request request;
  request.method = "DELETE";
  request.key = std::move(key);
  request.digest = options_.target.kind == ObjectTarget::Kind::kS3 ? kEmptySha256 : "";
  co_return co_await send(std::move(request));
}

Result<ObjectStore::Checked> ObjectStore::check(const TempFile& file, const FileKind& kind) const {
  Checked out;
  TRY(out.mime, check_file(file, kind));
  if (options_.target.kind == ObjectTarget::Kind::kS3) {
    TRY(const std::string digest, sha256_of_file(file.fd()));
    out.digest = to_hex(digest);
  } else {
    TRY(const std::string digest, md5_of_file(file.fd()));
    out.digest = to_base64(digest);
  }
  return out;
}

Task<Result<void>> ObjectStore::send(Request request) {
  const Deadline by = Deadline::after(options_.time);
  auto pause = options_.pause;
  for (int tries = 1;; ++tries) {
    auto job = [this, &request, by] { return send_once(request, by); };
    const auto reply = flat(co_await pool_.run(std::move(job)));
    if (reply.has_value() && is_success(*reply)) {
      stored_.add();
      co_return Result<void>();
    }
    const bool may_pass = reply.has_value() ? is_passing(reply->status)
                                            : reply.error().code == ErrorCode::kUnavailable;
    const bool has_time = Deadline::after(pause).at() < by.at();
    if (!may_pass || !has_time || tries == kMaxTries || is_stopping_) {
      failed_.add();
      if (!reply.has_value()) co_return reply.error();
      co_return unavailable("object storage: " + reason_of(*reply));
    }
    retried_.add();
    co_await sleep_for(pause);
    pause *= 2;
  }
}

Result<TransferReply> ObjectStore::send_once(const Request& request, Deadline by) const {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      by.at() - std::chrono::steady_clock::now());
  if (left.count() <= 0) return Error{ErrorCode::kDeadline, {}, "object storage: no time left"};
  Transfer transfer = signed_transfer(request);
  transfer.time = left;
  transfer.is_cancelled = &is_stopping_;
  auto reply = media::transfer(transfer);
  if (reply.has_value()) return reply;
  return Error{reply.error().code, {}, "object storage: " + reply.error().detail};
}

// Signed anew for every try: signatures hold for some minutes only.
Transfer ObjectStore::signed_transfer(const Request& request) const {
  const ObjectTarget& target = options_.target;
  const Time now = clock_.now();
  SignedRequest to_sign{request.method, target.path_of(request.key), {}, {}};
  auto& headers = to_sign.headers;
  headers.emplace_back("host", target.host());
  if (!request.mime.empty()) headers.emplace_back("content-type", request.mime);
  std::string proof;
  if (target.kind == ObjectTarget::Kind::kS3) {
    headers.emplace_back("x-amz-content-sha256", request.digest);
    headers.emplace_back("x-amz-date", aws_date(now));
    proof = aws_authorization(to_sign, request.digest, target.key, {target.region, "s3"}, now);
  } else {
    if (!request.digest.empty()) headers.emplace_back("content-md5", request.digest);
    headers.emplace_back("date", oss_date(now));
    proof = oss_authorization(to_sign, '/' + target.bucket + '/' + request.key, target.key);
  }
  headers.emplace_back("authorization", std::move(proof));
  return {request.method, target.url_of(request.key), headers, request.body, request.size, {}, {}};
}

}  // namespace qn::media
