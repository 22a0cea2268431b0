#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

// How requests to object storage prove who sends them. Pure functions.
namespace qn::media {

struct ObjectKey {
  std::string id;
  std::string secret;
};

// What is signed. Header names are in lower case; all of them are signed.
struct SignedRequest {
  std::string method;
  std::string path;   // as sent, percent-encoded
  std::string query;  // as sent, without '?'
  std::vector<std::pair<std::string, std::string>> headers;
};

// The Authorization field of AWS Signature Version 4.
struct AwsScope {
  std::string region;
  std::string service;
};
std::string aws_authorization(const SignedRequest& request, std::string_view payload_hash,
                              const ObjectKey& key, const AwsScope& scope, Time at);
// 20150830T123600Z, the value of x-amz-date.
std::string aws_date(Time at);

// The Authorization field of OSS, version 1; `resource` is /bucket/key, not
// encoded. The headers hold content-md5, content-type, date and x-oss-…
std::string oss_authorization(const SignedRequest& request, std::string_view resource,
                              const ObjectKey& key);
// Thu, 17 Nov 2005 18:49:58 GMT
std::string oss_date(Time at);

}  // namespace qn::media
