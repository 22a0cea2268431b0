#include "media/object_url.h"

#include <gtest/gtest.h>

namespace qn::media {
namespace {

ObjectTarget parsed(std::string_view text) {
  auto target = parse_media_url(text);
  EXPECT_TRUE(target && *target) << text;
  return target && *target ? **target : ObjectTarget();
}

TEST(MediaUrl, DiskIsNoBucket) {
  const auto none = parse_media_url("disk:");
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
}

TEST(MediaUrl, S3WithEverything) {
  const auto target = parsed(
      "s3://AKIA:a%2Fb%2Bc@minio.example:9000/my-bucket?region=eu-west-1&tls=false&style=host&"
      "public=https%3A%2F%2Fcdn.example%2Fx%2F");
  EXPECT_EQ(target.kind, ObjectTarget::Kind::kS3);
  EXPECT_EQ(target.key.id, "AKIA");
  EXPECT_EQ(target.key.secret, "a/b+c");
  EXPECT_EQ(target.region, "eu-west-1");
  EXPECT_EQ(target.url_of("images/a b.png"),
            "http://my-bucket.minio.example:9000/images/a%20b.png");
  EXPECT_EQ(target.public_url_of("images/a.png"), "https://cdn.example/x/images/a.png");
}

TEST(MediaUrl, DefaultsOfBothKinds) {
  const auto s3 = parsed("s3://k:s@s3.example:443/bucket");
  EXPECT_EQ(s3.region, "us-east-1");
  EXPECT_EQ(s3.host(), "s3.example");
  EXPECT_EQ(s3.url_of("a/b.png"), "https://s3.example/bucket/a/b.png");
  const auto oss = parsed("oss://k:s@oss-cn-hangzhou.aliyuncs.com/bucket");
  EXPECT_EQ(oss.kind, ObjectTarget::Kind::kOss);
  EXPECT_EQ(oss.url_of("a/b.png"), "https://bucket.oss-cn-hangzhou.aliyuncs.com/a/b.png");
}

// Clients expect https whatever stands between us and the storage (§7.2).
TEST(MediaUrl, PublicAddressesAreHttps) {
  EXPECT_EQ(parsed("s3://k:s@127.0.0.1:9000/bucket?tls=false").public_url_of("a.png"),
            "https://127.0.0.1:9000/bucket/a.png");
}

TEST(MediaUrl, RefusesWhatIsNoBucket) {
  for (const std::string_view text : {"",
                                      "disk",
                                      "disk:/x",
                                      "ftp://k:s@h/b",
                                      "s3://",
                                      "s3://h/b",
                                      "s3://k@h/b",
                                      "s3://:s@h/b",
                                      "s3://k:@h/b",
                                      "s3://k:s@h",
                                      "s3://k:s@h/",
                                      "s3://k:s@/b",
                                      "s3://k:s@h/b/c",
                                      "s3://k:s@h h/b",
                                      "s3://k%0A:s@h/b",
                                      "s3://k:s@h/b?region=",
                                      "s3://k:s@h/b?x=1",
                                      "s3://k:s@h/b?style=other",
                                      "s3://k:s@h/b?tls=1",
                                      "s3://k:s@h/b?public=cdn.example",
                                      "s3://k:s@h/b?region"}) {
    const auto target = parse_media_url(text);
    EXPECT_FALSE(target) << text;
  }
}

}  // namespace
}  // namespace qn::media
