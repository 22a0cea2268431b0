#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/access.h"
#include "chat/caller.h"
#include "media/qr_cache.h"
#include "store/user_store.h"

namespace qn::chat {

// Of what a code is wanted, as the client asks.
struct QrRequest {
  std::int64_t id = 0;
  bool is_page = false;  // the address of a page (type=H5), else a JSON text for apps
  std::string page{};    // that address up to the '#'
  bool is_group = true;  // else a person
};

// QR codes that lead to a group or a person (chat-http-api.md §8). Members get
// their groups' codes, everybody those of people who may act. Any loop; owned
// by app/.
class QrCodes {
 public:
  // `origins`: of pages that codes may lead to, as web.origins has them; "*" is
  // every http(s) address (defect S29).
  QrCodes(Access& access, store::UserStore& users, media::QrCache& images,
          std::vector<std::string> origins)
      : access_(access), users_(users), images_(images), origins_(std::move(origins)) {}

  // The PNG.
  Task<Result<std::string>> draw(Caller caller, QrRequest request, Deadline by);

 private:
  Task<Result<std::string>> group_text(Caller caller, const QrRequest& request, Deadline by);
  Task<Result<std::string>> person_text(const QrRequest& request, Deadline by);
  bool is_allowed(std::string_view page) const;

  Access& access_;
  store::UserStore& users_;
  media::QrCache& images_;
  const std::vector<std::string> origins_;
};

}  // namespace qn::chat
