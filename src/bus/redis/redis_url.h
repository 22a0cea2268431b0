#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "bus/redis/redis_options.h"

namespace qn::bus {

// redis://[user[:password]@]host[:port][/db]; user and password are
// percent-encoded, ":password@" alone is the default user's. kRefused with a
// text for the operator that never repeats the password.
Result<RedisOptions> parse_redis_url(std::string_view url);

// The URL of these settings, so that host, port, password and database given
// one by one (as the reference's configuration does) mean the same thing.
std::string make_redis_url(const RedisOptions& options);

}  // namespace qn::bus
