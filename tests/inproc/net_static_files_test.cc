#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/event_loops.h"
#include "base/metrics.h"
#include "base/worker_pool.h"
#include "net/static_files.h"
#include "support/await.h"

namespace qn::test {
namespace {

namespace fs = std::filesystem;
using net::HttpReply;
using net::HttpRequest;
using net::Method;
using Fields = std::vector<std::pair<std::string, std::string>>;

struct Served {
  bool found = false;
  int status = 0;
  std::string type;
  std::string body;
  std::optional<std::uint64_t> length;
  std::vector<std::pair<std::string, std::string>> headers;

  std::string header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
};

// Serves and reads the whole body, also of a source.
Task<Served> fetch(net::StaticFiles& files, HttpRequest request) {
  std::optional<HttpReply> reply = co_await files.serve(request);
  Served out;
  if (!reply) co_return out;
  out.found = true;
  out.status = reply->status;
  out.type = reply->content_type;
  out.body = reply->body;
  out.length = reply->content_length;
  out.headers = reply->headers;
  while (reply->source && request.method != Method::kHead) {
    Result<std::string> piece = co_await reply->source->next();
    if (!piece || piece->empty()) break;
    out.body += *piece;
  }
  co_return out;
}

class NetStaticFilesTest : public testing::Test {
 protected:
  NetStaticFilesTest() {
    write("a.txt", "0123456789");
    write("page.html", "<b>");
    write("empty.png", "");
    write("large.mp4", large_);
    write(".env", "secret");
    fs::create_directories(root_ / "folder");
  }
  ~NetStaticFilesTest() override { fs::remove_all(root_); }

  static fs::path make_folder() {
    std::string name = (fs::temp_directory_path() / "qn-static-XXXXXX").string();
    return mkdtemp(name.data());
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(root_ / name, std::ios::binary) << text;
  }
  Served get(std::string_view target, const Fields& fields = {}, Method method = Method::kGet) {
    HttpRequest request;
    request.method = method;
    request.target = target;
    for (const auto& [name, value] : fields) request.headers.add(name, value);
    return await(fetch(files_, std::move(request)));
  }
  template <class T>
  T await(Task<T> task) {
    return start_on(loops_.executor(0), std::move(task)).get();
  }
  static net::StaticFiles::Options options() {
    net::StaticFiles::Options options;
    options.cache_control = "max-age=60";
    options.attachment_for_active_content = true;
    return options;
  }

  const std::string large_ = std::string(300'000, 'x') + std::string(300'000, 'y') + "end";
  const fs::path root_ = make_folder();
  Metrics metrics_;
  EventLoops loops_{1, metrics_};
  WorkerPool pool_{{.name = "files"}, metrics_};
  net::StaticFiles files_{root_, "/public/", options(), pool_};
};

TEST_F(NetStaticFilesTest, ServesSmallAndLargeFiles) {
  const auto small = get("/public/a.txt?v=1");
  EXPECT_EQ(small.status, 200);
  EXPECT_EQ(small.type, "text/plain; charset=utf-8");
  EXPECT_EQ(small.body, "0123456789");
  EXPECT_EQ(small.header("Cache-Control"), "max-age=60");
  EXPECT_EQ(small.header("Accept-Ranges"), "bytes");
  const auto large = get("/public/large.mp4");
  EXPECT_EQ(large.length, large_.size());
  EXPECT_TRUE(large.body == large_);
  EXPECT_EQ(get("/public/empty.png").status, 200);
}

TEST_F(NetStaticFilesTest, HeadHasALengthAndNoBody) {
  const auto head = get("/public/a.txt", {}, Method::kHead);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.length, 10u);
  EXPECT_EQ(head.body, "");
}

TEST_F(NetStaticFilesTest, FindsNothingElse) {
  for (const std::string_view target :
       {"/public/", "/public/missing.txt", "/public/folder", "/public/folder/", "/public/.env",
        "/public/../a.txt", "/public/a.txt/", "/public/%2e%2e/a.txt", "/other/a.txt",
        "/public//a.txt", "/public/folder%2f..%2fa.txt", "/public/a.txt%00"}) {
    EXPECT_FALSE(get(target).found) << target;
  }
  EXPECT_FALSE(get("/public/a.txt", {}, Method::kPost).found);
}

TEST_F(NetStaticFilesTest, AnswersConditionalRequests) {
  const auto first = get("/public/a.txt");
  const auto etag = first.header("ETag");
  const auto modified = first.header("Last-Modified");
  const auto same = get("/public/a.txt", {{"If-None-Match", "\"x\", W/" + etag}});
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.header("ETag"), etag);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(get("/public/a.txt", {{"If-None-Match", "*"}}).status, 304);
  EXPECT_EQ(get("/public/a.txt", {{"If-None-Match", "\"x\""}}).status, 200);
  EXPECT_EQ(get("/public/a.txt", {{"If-Modified-Since", modified}}).status, 304);
  EXPECT_EQ(get("/public/a.txt", {{"If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"}}).status,
            200);
  EXPECT_EQ(
      get("/public/a.txt", {{"If-None-Match", "\"x\""}, {"If-Modified-Since", modified}}).status,
      200);
}

TEST_F(NetStaticFilesTest, AChangedFileHasAnotherTag) {
  const auto etag = get("/public/a.txt").header("ETag");
  write("a.txt", "9876543210!");
  EXPECT_EQ(get("/public/a.txt", {{"If-None-Match", etag}}).status, 200);
}

TEST_F(NetStaticFilesTest, ServesRanges) {
  const auto part = get("/public/a.txt", {{"Range", "bytes=2-4"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "234");
  EXPECT_EQ(part.header("Content-Range"), "bytes 2-4/10");
  const auto tail = get("/public/large.mp4", {{"Range", "bytes=299999-"}});
  EXPECT_EQ(tail.status, 206);
  EXPECT_TRUE(tail.body == large_.substr(299'999));
  const auto beyond = get("/public/a.txt", {{"Range", "bytes=10-"}});
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(beyond.header("Content-Range"), "bytes */10");
}

TEST_F(NetStaticFilesTest, IfRangeGuardsTheRange) {
  const auto first = get("/public/a.txt");
  const Fields range{{"Range", "bytes=2-4"}};
  const auto with = [&](const std::string& validator) {
    return get("/public/a.txt", {range[0], {"If-Range", validator}}).status;
  };
  EXPECT_EQ(with(first.header("ETag")), 206);
  EXPECT_EQ(with(first.header("Last-Modified")), 206);
  EXPECT_EQ(with("\"old\""), 200);
}

TEST_F(NetStaticFilesTest, ActiveContentIsForSaving) {
  EXPECT_EQ(get("/public/page.html").header("Content-Disposition"), "attachment");
  EXPECT_EQ(get("/public/large.mp4").header("Content-Disposition"), "");
}

TEST_F(NetStaticFilesTest, AFullPoolIs503) {
  pool_.stop();
  EXPECT_EQ(get("/public/a.txt").status, 503);
}

TEST_F(NetStaticFilesTest, AFileThatShrinksEndsTheBody) {
  HttpRequest request;
  request.target = "/public/large.mp4";
  auto reply = await(files_.serve(request));
  ASSERT_TRUE(reply && reply->source);
  write("large.mp4", "short");
  EXPECT_FALSE(await(reply->source->next()).has_value());
}

}  // namespace
}  // namespace qn::test
