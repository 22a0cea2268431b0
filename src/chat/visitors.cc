#include "chat/visitors.h"

#include <sodium.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/text.h"
#include "chat/texts.h"

namespace qn::chat {
namespace {

constexpr std::string_view kSuffix = "APP_SECRET";
constexpr std::chrono::minutes kClockSkew{5};
constexpr std::size_t kDeviceIdSize = 36;
constexpr int kNameAttempts = 5;

bool is_device_id(std::string_view id) {
  return id.size() == kDeviceIdSize && std::all_of(id.begin(), id.end(), [](unsigned char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                  c == '_' || c == '-';
         });
}

// The prefix is visible behaviour: clients append [游客] to names with it.
std::string visitor_name(std::string_view device_id) {
  return "VIS" + std::string(device_id.substr(0, 8));
}

}  // namespace

std::string visitor_signature(std::string_view device_id, std::string_view salt,
                              std::int64_t timestamp) {
  std::string text = "deviceId=";
  text.append(device_id).append("&salt=").append(salt).append("&timestamp=");
  text.append(std::to_string(timestamp)).append(kSuffix);
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(digest.data()),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return to_hex(digest);
}

Task<Result<void>> VisitorService::check(const SignedDevice& proof, const Origin& origin) {
  const std::string expected = visitor_signature(proof.device_id, salt_, proof.timestamp);
  if (!equal_constant_time(expected, proof.signature)) co_return refused(texts::kBadSignature);

  const std::int64_t skew = to_millis(clock_.now()) - proof.timestamp;
  if (std::abs(skew) > Millis(kClockSkew).count()) co_return refused(texts::kRequestExpired);
  if (!is_device_id(proof.device_id)) co_return refused(texts::kBadDevice);

  // The same signed request a second time is a replay (defect S7). Without the
  // cache it passes: the signature protects nothing that matters.
  std::string seen_key = "signed:" + proof.device_id + ':' + std::to_string(proof.timestamp);
  std::string mark = "1";
  const auto first =
      co_await cache_.set_if_absent(std::move(seen_key), std::move(mark), 2 * kClockSkew);
  if (first.has_value() && !*first) co_return refused(texts::kRequestExpired);

  CO_CHECK_OK(co_await limits_.check(Limit::kVisitorDevice, proof.device_id));
  co_return co_await limits_.check(Limit::kVisitorAddress, origin.address);
}

Task<Result<LoginResult>> VisitorService::enter(SignedDevice proof, model::Device device,
                                                Origin origin, Deadline by) {
  CO_CHECK_OK(co_await check(proof, origin));
  CO_TRY(const auto row, co_await find_or_create(device, origin, by));
  if (row.role != model::Role::kVisitor || !row.may_act()) co_return refused(texts::kNoAccount);

  CO_TRY(auto result,
         co_await accounts_.start_session(row.id, model::Role::kVisitor, std::move(origin), by));
  const UserId id = row.id;
  CO_CHECK_OK(co_await users_.set_device_facts(id, std::move(device), clock_.now(), by));
  co_return std::move(result);
}

Task<Result<model::User>> VisitorService::find_or_create(const model::Device& device,
                                                         const Origin& origin, Deadline by) {
  std::string username = visitor_name(device.id);
  Error last = internal_error("no free visitor name");
  for (int attempt = 0; attempt < kNameAttempts; ++attempt) {
    CO_TRY(auto known, co_await users_.find_by_device(device.id, by));
    if (known) co_return std::move(*known);
    auto created = co_await create(device, username, origin, by);
    if (created.has_value() || created.error().code != ErrorCode::kConflict) co_return created;
    // Either this device entered at the same time, or another one has the same
    // first eight characters (defect S6): look again, then under another name.
    last = created.error();
    username = visitor_name(device.id) + '_' + random_.hex(4);
  }
  co_return last;
}

Task<Result<model::User>> VisitorService::create(const model::Device& device, std::string username,
                                                 const Origin& origin, Deadline by) {
  store::NewUser row;
  row.uuid = random_.uuid();
  row.username_key = fold_name(username);
  row.username = std::move(username);
  row.password_hash = kNoPassword;
  row.avatar = options_.default_avatar;
  row.role = model::Role::kVisitor;
  row.device = device;
  row.register_ip = origin.address;
  row.now = clock_.now();
  co_return co_await users_.create(std::move(row), by);
}

Task<Result<LoginResult>> VisitorService::register_visitor(SignedDevice proof, std::string username,
                                                           std::string password, Origin origin,
                                                           Deadline by) {
  CO_CHECK_OK(co_await check(proof, origin));
  CO_TRY(const auto row, co_await users_.find_by_device(proof.device_id, by));
  if (!row || row->role != model::Role::kVisitor) {
    co_return co_await accounts_.register_user(std::move(username), std::move(password),
                                               std::move(origin), by);
  }
  if (!row->may_act()) co_return refused(texts::kNoAccount);
  if (reserved_.contains(username)) co_return refused(texts::kNameTaken);
  std::string key = fold_name(username);
  CO_TRY(const auto taken, co_await users_.find_credentials(key, by));
  if (taken) co_return refused(texts::kNameTaken);

  const UserId id = row->id;
  CO_TRY(auto hash, co_await passwords_.hash(std::move(password)));
  const auto upgraded = co_await users_.upgrade_visitor(id, std::move(username), std::move(key),
                                                        std::move(hash), clock_.now(), by);
  if (!upgraded.has_value()) {
    const ErrorCode code = upgraded.error().code;
    if (code == ErrorCode::kConflict) co_return refused(texts::kNameTaken);
    if (code == ErrorCode::kNotFound) co_return refused(texts::kNoAccount);
    co_return upgraded.error();
  }
  co_return co_await accounts_.start_session(id, model::Role::kUser, std::move(origin), by);
}

Task<Result<LoginResult>> VisitorService::login(SignedDevice proof, std::string username,
                                                std::string password, Origin origin, Deadline by) {
  CO_CHECK_OK(co_await check(proof, origin));
  co_return co_await accounts_.login(std::move(username), std::move(password), std::move(origin),
                                     by);
}

}  // namespace qn::chat
