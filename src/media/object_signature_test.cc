#include "media/object_signature.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace qn::media {
namespace {

const ObjectKey kSuiteKey{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
const ObjectKey kS3Key{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
const Time kSuiteTime = time_from_millis(1'440'938'160'000);  // 2015-08-30 12:36:00
const Time kS3Time = time_from_millis(1'369'353'600'000);     // 2013-05-24 00:00:00
const std::string kEmpty = sha256_hex("");

// The signature alone.
std::string signature(const std::string& authorization) {
  return authorization.substr(authorization.find("Signature=") + 10);
}

// As the cases of AWS's "aws-sig-v4-test-suite" are made.
std::string of_suite(std::string method, std::string query,
                     std::vector<std::pair<std::string, std::string>> more = {}) {
  SignedRequest request{std::move(method), "/", std::move(query), std::move(more)};
  request.headers.emplace_back("host", "example.amazonaws.com");
  request.headers.emplace_back("x-amz-date", aws_date(kSuiteTime));
  return aws_authorization(request, kEmpty, kSuiteKey, {"us-east-1", "service"}, kSuiteTime);
}

// As the examples of the S3 documentation, "Signature Calculations for the
// Authorization Header".
std::string of_s3(std::string method, std::string path, std::string query, const std::string& hash,
                  std::vector<std::pair<std::string, std::string>> more = {}) {
  SignedRequest request{std::move(method), std::move(path), std::move(query), std::move(more)};
  request.headers.emplace_back("host", "examplebucket.s3.amazonaws.com");
  request.headers.emplace_back("x-amz-content-sha256", hash);
  request.headers.emplace_back("x-amz-date", aws_date(kS3Time));
  return signature(aws_authorization(request, hash, kS3Key, {"us-east-1", "s3"}, kS3Time));
}

TEST(AwsSignature, TheWholeFieldOfGetVanilla) {
  EXPECT_EQ(of_suite("GET", ""),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            "SignedHeaders=host;x-amz-date, "
            "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

TEST(AwsSignature, CasesOfTheTestSuite) {
  EXPECT_EQ(signature(of_suite("POST", "")),  // post-vanilla
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  EXPECT_EQ(signature(of_suite("GET", "Param2=value2&Param1=value1")),  // query-order-key-case
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
  EXPECT_EQ(signature(of_suite("POST", "", {{"my-header1", "value1"}})),  // header-key-sort
            "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c");
  EXPECT_EQ(signature(of_suite(
                "GET", "",  // get-header-key-duplicate
                {{"my-header1", "value2"}, {"my-header1", "value2"}, {"my-header1", "value1"}})),
            "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea");
  EXPECT_EQ(signature(of_suite("GET", "",  // get-header-value-trim
                               {{"my-header1", " value1"}, {"my-header2", " \"a   b   c\""}})),
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
}

TEST(AwsSignature, ExamplesOfTheS3Documentation) {
  const std::string put_hash = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
  EXPECT_EQ(sha256_hex("Welcome to Amazon S3."), put_hash);
  EXPECT_EQ(of_s3("PUT", "/test%24file.text", "", put_hash,
                  {{"date", "Fri, 24 May 2013 00:00:00 GMT"},
                   {"x-amz-storage-class", "REDUCED_REDUNDANCY"}}),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  EXPECT_EQ(of_s3("GET", "/test.txt", "", kEmpty, {{"range", "bytes=0-9"}}),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  EXPECT_EQ(of_s3("GET", "/", "lifecycle", kEmpty),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  EXPECT_EQ(of_s3("GET", "/", "max-keys=2&prefix=J", kEmpty),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

// The example of the OSS documentation, "Include signatures in the Authorization
// header".
TEST(OssSignature, ExampleOfTheDocumentation) {
  const Time at = time_from_millis(1'132'253'398'000);
  const SignedRequest request{"PUT",
                              "/nelson",
                              "",
                              {{"host", "oss-example.oss-cn-hangzhou.aliyuncs.com"},
                               {"x-oss-meta-author", "foo@bar.com"},
                               {"x-oss-magic", "abracadabra"},
                               {"date", oss_date(at)},
                               {"content-type", "text/html"},
                               {"content-md5", "ODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM="}}};
  EXPECT_EQ(oss_date(at), "Thu, 17 Nov 2005 18:49:58 GMT");
  EXPECT_EQ(oss_authorization(request, "/oss-example/nelson",
                              {"44CF9590006BF252F707", "OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROV"}),
            "OSS 44CF9590006BF252F707:26NBxoKdsyly4EDv6inkoDft/yA=");
}

}  // namespace
}  // namespace qn::media
