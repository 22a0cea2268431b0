#include "chat/video_covers.h"

#include <gtest/gtest.h>

namespace qn::chat {
namespace {

TEST(UploadedPath, OfOurOwnAddressesUnderAnyName) {
  for (const std::string_view url :
       {"/public/uploads/Diy/v/a.mp4", "http://127.0.0.1:7001/public/uploads/Diy/v/a.mp4",
        "https://chat.example/public/uploads/Diy/v/a.mp4?x=1#y",
        "https://chat.example/public/uploads/Diy/%76/a.mp4"}) {
    EXPECT_EQ(uploaded_path(url), "Diy/v/a.mp4") << url;
  }
}

TEST(UploadedPath, OfNothingElse) {
  for (const std::string_view url :
       {"", "a.mp4", "/etc/passwd", "file:///public/uploads/a.mp4", "ftp://h/public/uploads/a.mp4",
        "http://127.0.0.1:9/x.mp4", "http://h", "http://h/x?/public/uploads/a.mp4", "/public/a.mp4",
        "//h/public/uploads/a.mp4", "concat:/public/uploads/a.mp4", "/%70ublic/uploads/a.mp4"}) {
    EXPECT_EQ(uploaded_path(url), std::nullopt) << url;
  }
}

}  // namespace
}  // namespace qn::chat
