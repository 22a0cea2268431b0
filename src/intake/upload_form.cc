#include "intake/upload_form.h"

#include <charconv>
#include <utility>

#include "base/bytes.h"
#include "chat/texts.h"
#include "wire/envelope.h"
#include "wire/header_value.h"
#include "wire/multipart_reader.h"

namespace qn::intake {
namespace {

using Event = wire::MultipartReader::Event;

constexpr std::size_t kFormOverhead = 64_KiB;  // delimiters, headers, other fields
constexpr std::size_t kMaxParts = 100;
constexpr std::string_view kNotMultipart = "Content-Type must be multipart/*";

class UploadForm final : public net::BodySink {
 public:
  UploadForm(wire::MultipartReader reader, std::unique_ptr<chat::Upload> upload, std::string field)
      : reader_(std::move(reader)), upload_(std::move(upload)), field_(std::move(field)) {}

  Task<Result<void>> write(std::string_view piece) override;
  Task<Result<chat::StoredFile>> finish(Deadline by);

 private:
  Task<Result<void>> take(std::string_view piece);
  // Whether the part that begins is the file.
  bool wants_part();

  wire::MultipartReader reader_;
  std::unique_ptr<chat::Upload> upload_;
  const std::string field_;

  bool is_in_file_ = false;
  bool has_file_ = false;
  bool has_other_file_ = false;  // under a name nobody asked for
  bool is_complete_ = false;
  std::optional<Error> failure_;
};

Task<Result<void>> UploadForm::write(std::string_view piece) {
  auto taken = co_await take(piece);
  if (!taken.has_value()) failure_ = taken.error();
  co_return taken;
}

Task<Result<void>> UploadForm::take(std::string_view piece) {
  reader_.push(piece);
  for (;;) {
    switch (reader_.next()) {
      case Event::kNeedMore:
        co_return Result<void>();
      case Event::kPart:
        is_in_file_ = wants_part();
        if (is_in_file_) CO_CHECK_OK(co_await upload_->start(reader_.part().filename));
        break;
      case Event::kData:
        if (is_in_file_) CO_CHECK_OK(co_await upload_->write(reader_.data()));
        break;
      case Event::kPartEnd:
        is_in_file_ = false;
        break;
      case Event::kEnd:
        is_complete_ = true;
        co_return Result<void>();
      case Event::kError:
        co_return reader_.error();
    }
  }
}

// A form that was sent without choosing a file has one without a name.
bool UploadForm::wants_part() {
  const auto& part = reader_.part();
  if (!part.is_file || part.filename.empty() || has_file_) return false;
  has_file_ = field_.empty() || part.name == field_;
  has_other_file_ = has_other_file_ || !has_file_;
  return has_file_;
}

Task<Result<chat::StoredFile>> UploadForm::finish(Deadline by) {
  if (failure_) co_return *failure_;
  if (!is_complete_) co_return wire::body_ends_early();
  if (!has_file_ && has_other_file_) {
    co_return refused("未找到 " + field_ + " 字段的上传文件");
  }
  co_return co_await upload_->finish(by);
}

std::uint64_t length_of(const net::HttpRequest& head) {
  const auto text = head.headers.find("content-length");
  std::uint64_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

}  // namespace

std::size_t upload_limit(const chat::UploadService& uploads) {
  return static_cast<std::size_t>(uploads.max_bytes()) + kFormOverhead;
}

Task<Result<std::unique_ptr<net::BodySink>>> open_upload(chat::UploadService& uploads,
                                                         const net::HttpRequest& head,
                                                         UploadTarget target, Deadline by) {
  const auto type = head.headers.find("content-type");
  if (!wire::parse_header_value(type).value.starts_with("multipart/")) {
    co_return refused(kNotMultipart);
  }
  const std::uint64_t length = length_of(head);
  if (length > upload_limit(uploads)) {
    co_return Error{ErrorCode::kTooLarge, std::string(chat::texts::kFileTooLarge), {}};
  }
  CO_TRY(auto reader, wire::MultipartReader::open(type, kMaxParts));
  chat::UploadRequest request{target.owner, std::move(target.folder),
                              length > kFormOverhead ? length - kFormOverhead : 0, target.place};
  CO_TRY(auto upload, co_await uploads.begin(std::move(request), by));
  std::unique_ptr<net::BodySink> sink =
      std::make_unique<UploadForm>(std::move(reader), std::move(upload), std::move(target.field));
  co_return sink;
}

Task<Result<chat::StoredFile>> finish_upload(net::BodySink& sink, Deadline by) {
  co_return co_await dynamic_cast<UploadForm&>(sink).finish(by);
}

net::HttpReply upload_reply(const chat::StoredFile& file) {
  net::HttpReply reply;
  reply.content_type = wire::kJsonType;
  reply.body = wire::ok_envelope({{"url", file.url}});
  return reply;
}

}  // namespace qn::intake
