#include "chat/complaints.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "chat/texts.h"

namespace qn::chat {
namespace {

// 0: no whole positive number.
std::int64_t id_from(std::string_view text) {
  std::int64_t id = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id);
  return failed == std::errc() && end == text.data() + text.size() && id > 0 ? id : 0;
}

Result<void> check_images(const std::vector<std::string>& images) {
  if (images.size() > Complaints::kMaxImages) return refused(texts::kTooManyImages);
  const bool fit = std::all_of(images.begin(), images.end(), [](const std::string& image) {
    return count_code_points(image) <= Complaints::kMaxImage;
  });
  if (!fit) return refused(texts::kImageTooLong);
  return {};
}

Result<void> check_content(std::string_view content) {
  if (count_code_points(content) > Complaints::kMaxContent) return refused(texts::kContentTooLong);
  return {};
}

Result<void> check_sizes(const Complaints::Draft& draft) {
  if (count_code_points(draft.target_name) > Complaints::kMaxTargetName) {
    return refused(texts::kTargetNameTooLong);
  }
  if (count_code_points(draft.reason) > Complaints::kMaxReason) {
    return refused(texts::kReasonTooLong);
  }
  CHECK_OK(check_content(draft.content));
  CHECK_OK(check_images(draft.images));
  if (draft.quotes.size() > Complaints::kMaxQuotes) return refused(texts::kQuotesTooLong);
  return {};
}

Result<store::NewComplaint> row_from(UserId user, Complaints::Draft draft, Time now) {
  if (draft.target_id.empty() || draft.target_type.empty() || draft.reason.empty()) {
    return refused(texts::kComplaintIncomplete);
  }
  const auto type = model::complaint_target_from(draft.target_type);
  if (!type) return refused(texts::kBadTargetType);
  CHECK_OK(check_sizes(draft));
  const std::int64_t target = id_from(draft.target_id);
  if (target == 0) return refused(texts::kNoTarget);
  return store::NewComplaint{.user = user,
                             .target_type = *type,
                             .target_id = target,
                             .target_name = std::move(draft.target_name),
                             .reason = std::move(draft.reason),
                             .content = std::move(draft.content),
                             .images = std::move(draft.images),
                             .quotes = std::move(draft.quotes),
                             .now = now};
}

}  // namespace

Task<Result<ComplaintId>> Complaints::create(Caller caller, Draft draft, Deadline by) {
  CO_TRY(auto row, row_from(caller.user, std::move(draft), clock_.now()));
  CO_CHECK_OK(co_await limits_.check(Limit::kComplaintUser, std::to_string(caller.user.value)));
  CO_TRY(const auto id, co_await complaints_.create(std::move(row), by));
  if (!id) co_return refused(texts::kNoTarget);
  co_return *id;
}

Task<Result<std::vector<model::Complaint>>> Complaints::mine(Caller caller, Deadline by) {
  return complaints_.list_of(caller.user, kListCap, by);
}

Task<Result<model::Complaint>> Complaints::get(Caller caller, ComplaintId id, Deadline by) {
  CO_TRY(auto found, co_await complaints_.find_own(caller.user, id, by));
  if (!found) co_return refused(texts::kNoComplaint);
  co_return std::move(*found);
}

Task<Result<void>> Complaints::edit(Caller caller, ComplaintId id, Edit edit, Deadline by) {
  if (edit.content) CO_CHECK_OK(check_content(*edit.content));
  if (edit.images) CO_CHECK_OK(check_images(*edit.images));
  store::ComplaintStore::Edit change{std::move(edit.content), std::move(edit.images), clock_.now()};
  CO_TRY(const auto edited, co_await complaints_.edit(caller.user, id, std::move(change), by));
  using Edited = store::ComplaintStore::Edited;
  if (edited == Edited::kMissing) co_return refused(texts::kNoComplaint);
  if (edited == Edited::kNotPending) co_return refused(texts::kComplaintInHand);
  co_return Result<void>();
}

Task<Result<void>> Complaints::remove(Caller caller, ComplaintId id, Deadline by) {
  CO_TRY(const bool removed, co_await complaints_.remove(caller.user, id, clock_.now(), by));
  if (!removed) co_return refused(texts::kNoComplaint);
  co_return Result<void>();
}

Task<Result<Complaints::Page>> Complaints::list(Filter filter, int limit, std::int64_t offset,
                                                Deadline by) {
  return complaints_.list(std::move(filter), limit, offset, by);
}

Task<Result<std::optional<model::Complaint>>> Complaints::find(ComplaintId id, Deadline by) {
  return complaints_.find(id, by);
}

Task<Result<void>> Complaints::handle(Operator op, ComplaintId id, std::string status,
                                      std::string reply, Deadline by) {
  const bool is_status = status.size() == 1 && status[0] >= '0' && status[0] <= '3';
  if (!is_status) co_return refused(texts::kStatusFailed);
  if (count_code_points(reply) > kMaxReply) co_return refused(texts::kReplyTooLong);
  const auto wanted = static_cast<model::ComplaintStatus>(status[0] - '0');
  CO_TRY(const bool found, co_await complaints_.set_status(id, wanted, std::move(reply),
                                                           actor_of(op, clock_.now()), by));
  if (!found) co_return refused(texts::kStatusFailed);
  co_return Result<void>();
}

}  // namespace qn::chat
