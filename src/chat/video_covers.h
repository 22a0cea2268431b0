#pragma once

#include <optional>
#include <string>

#include "base/deadline.h"
#include "base/result.h"
#include "base/task.h"
#include "chat/caller.h"
#include "chat/uploads.h"
#include "media/cover_maker.h"

namespace qn::chat {

// As it is asked for; numbers that are none are NaN.
struct CoverRequest {
  std::string video_url;
  std::optional<double> time;  // milliseconds
  std::optional<double> width;
  std::string format;
};

struct VideoCover {
  std::string url;     // /public/uploads/Diy/VideoScreenshot/screenshot_….png
  std::string base64;  // data:image/png;base64,…, or "" (defect X10)
};

struct CoverOptions {
  bool with_base64 = true;
};

// Pictures out of films that have been uploaded to this server's disk; nothing is
// ever fetched (chat-http-api.md §7.3, defect S20). A cover counts as an upload of
// who asks for it. Owned by app/; any loop.
class VideoCovers {
 public:
  VideoCovers(UploadService& uploads, media::CoverMaker& maker, CoverOptions options)
      : uploads_(uploads), maker_(maker), options_(options) {}

  // kRefused with the contract's texts; kOverloaded.
  Task<Result<VideoCover>> make(Caller caller, CoverRequest request, Deadline by);

 private:
  UploadService& uploads_;
  media::CoverMaker& maker_;
  const CoverOptions options_;
};

// The path below the uploads that an address leads to, whatever name this server
// has in it; nothing for any other address.
std::optional<std::string> uploaded_path(std::string_view url);

}  // namespace qn::chat
