#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/caller.h"
#include "chat/operator.h"
#include "chat/rate_limits.h"
#include "model/complaint.h"
#include "store/complaint_store.h"

namespace qn::chat {

// Complaints about users and groups (chat-http-api.md §11; the operators' half:
// admin-notes.md §9). People reach their own only. Refusals are kRefused with the
// contract's texts. Any loop; owned by app/.
class Complaints {
 public:
  static constexpr std::size_t kMaxTargetName = 255;  // code points
  static constexpr std::size_t kMaxReason = 500;
  static constexpr std::size_t kMaxContent = 5'000;
  static constexpr std::size_t kMaxReply = 2'000;
  static constexpr std::size_t kMaxImages = 9;
  static constexpr std::size_t kMaxImage = 1'000;        // code points of an address
  static constexpr std::size_t kMaxQuotes = 256 * 1024;  // bytes
  static constexpr int kListCap = 500;

  Complaints(store::ComplaintStore& complaints, RateLimits& limits, const Clock& clock)
      : complaints_(complaints), limits_(limits), clock_(clock) {}

  struct Draft {
    std::string target_id;
    std::string target_type;
    std::string target_name;
    std::string reason;
    std::string content;
    std::vector<std::string> images;
    std::string quotes;  // JSON array
  };
  // 缺少必要参数, and texts for what is too long or does not exist (defect S24).
  Task<Result<ComplaintId>> create(Caller caller, Draft draft, Deadline by);
  // Newest first, at most 500.
  Task<Result<std::vector<model::Complaint>>> mine(Caller caller, Deadline by);
  // 投诉记录不存在
  Task<Result<model::Complaint>> get(Caller caller, ComplaintId id, Deadline by);
  struct Edit {
    std::optional<std::string> content;  // nothing: stays
    std::optional<std::vector<std::string>> images;
  };
  // 投诉记录不存在, 该投诉已开始处理，无法修改
  Task<Result<void>> edit(Caller caller, ComplaintId id, Edit edit, Deadline by);
  // 投诉记录不存在
  Task<Result<void>> remove(Caller caller, ComplaintId id, Deadline by);

  // For operators who may handle complaints: the console asks its menu.
  using Filter = store::ComplaintStore::Filter;
  using Page = store::ComplaintStore::Page;
  Task<Result<Page>> list(Filter filter, int limit, std::int64_t offset, Deadline by);
  Task<Result<std::optional<model::Complaint>>> find(ComplaintId id, Deadline by);
  // An empty reply keeps the one there is. 更新状态失败: no such complaint or status.
  Task<Result<void>> handle(Operator op, ComplaintId id, std::string status, std::string reply,
                            Deadline by);

 private:
  store::ComplaintStore& complaints_;
  RateLimits& limits_;
  const Clock& clock_;
};

}  // namespace qn::chat
