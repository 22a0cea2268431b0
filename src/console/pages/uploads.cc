#include "console/pages/handlers.h"
#include "intake/upload_form.h"

// The two upload routes of admin-pages.md §4.1.
namespace qn::console {

Task<Result<net::BodyPlan>> open_upload(Console& console, AdminRequest& request) {
  const auto manager = request.op().manager.id.value;
  intake::UploadTarget target{.owner = {model::UploadOwner::Kind::kManager, manager}, .folder = {}};
  for (const auto& [name, value] : request.path) {
    if (name == "diydir") target.folder = value;
  }
  auto& uploads = console.services.uploads;
  net::BodyPlan plan;
  plan.limit = intake::upload_limit(uploads);
  CO_TRY(plan.sink,
         co_await intake::open_upload(uploads, request.http, std::move(target), request.by));
  co_return plan;
}

AnswerTask store_upload(Console& console, AdminRequest& request) {
  if (!request.http.sink) {
    co_return Error{ErrorCode::kRefused, "Content-Type must be multipart/*", "no body"};
  }
  CO_TRY(const auto file, co_await intake::finish_upload(*request.http.sink, request.by));
  CO_CHECK_OK(co_await console.services.audit.note_upload(request.op(), file.url, request.by));
  co_return intake::upload_reply(file);
}

}  // namespace qn::console
