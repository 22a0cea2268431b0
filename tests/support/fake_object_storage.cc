#include "support/fake_object_storage.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <stdexcept>

#include "base/text.h"

namespace qn::test {
namespace {

constexpr int kLookAround = 20;  // ms

std::string hmac(const EVP_MD* hash, const std::string& key, const std::string& text) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  ::HMAC(hash, key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), out, &size);
  return std::string(reinterpret_cast<char*>(out), size);
}

std::string digest(const EVP_MD* hash, const std::string& text) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  ::EVP_Digest(text.data(), text.size(), out, &size, hash, nullptr);
  return std::string(reinterpret_cast<char*>(out), size);
}

std::string hex(const std::string& bytes) {
  std::string out;
  char digits[3];
  for (const unsigned char c : bytes) {
    std::snprintf(digits, sizeof digits, "%02x", c);
    out += digits;
  }
  return out;
}

std::string base64(const std::string& bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

// The value behind "name=" in an Authorization field of AWS.
std::string part_of(const std::string& field, const std::string& name) {
  const auto from = field.find(name + '=');
  if (from == std::string::npos) return {};
  const auto begin = from + name.size() + 1;
  return field.substr(begin, std::min(field.find(',', begin), field.size()) - begin);
}

std::string header(const std::map<std::string, std::string>& headers, const std::string& name) {
  const auto it = headers.find(name);
  return it == headers.end() ? std::string() : it->second;
}

std::string aws_signature(const std::string& method, const std::string& path,
                          const std::map<std::string, std::string>& headers,
                          const std::string& names, const std::string& secret,
                          const std::string& region) {
  std::string canonical = method + '\n' + path + "\n\n";
  std::istringstream list(names);
  for (std::string name; std::getline(list, name, ';');) {
    canonical += name + ':' + header(headers, name) + '\n';
  }
  canonical += '\n' + names + '\n' + header(headers, "x-amz-content-sha256");
  const std::string date = header(headers, "x-amz-date");
  const std::string day = date.substr(0, 8);
  const std::string text = "AWS4-HMAC-SHA256\n" + date + '\n' + day + '/' + region +
                           "/s3/aws4_request\n" + hex(digest(::EVP_sha256(), canonical));
  std::string key = "AWS4" + secret;
  for (const std::string& part : {day, region, std::string("s3"), std::string("aws4_request")}) {
    key = hmac(::EVP_sha256(), key, part);
  }
  return hex(hmac(::EVP_sha256(), key, text));
}

bool fill(int fd, std::string& in, const std::atomic<bool>& stopping) {
  char buffer[65'536];
  while (!stopping) {
    pollfd waited{fd, POLLIN, 0};
    if (::poll(&waited, 1, kLookAround) <= 0) continue;
    const auto n = ::recv(fd, buffer, sizeof buffer, 0);
    if (n > 0) in.append(buffer, static_cast<std::size_t>(n));
    return n > 0;
  }
  return false;
}

}  // namespace

FakeObjectStorage::FakeObjectStorage() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

FakeObjectStorage::~FakeObjectStorage() {
  stopping_ = true;
  thread_.join();
  ::close(listener_);
}

std::string FakeObjectStorage::media_url(std::string_view scheme, std::string_view secret) const {
  return std::string(scheme) + "://" + std::string(kKey) + ':' + percent_encode(secret) +
         "@127.0.0.1:" + std::to_string(port_) + '/' + std::string(kBucket) +
         "?tls=false&style=path&region=" + std::string(kRegion);
}

std::optional<FakeObjectStorage::Object> FakeObjectStorage::find(std::string_view key) const {
  const std::lock_guard lock(mu_);
  const auto it = objects_.find(key);
  return it == objects_.end() ? std::nullopt : std::optional(it->second);
}

std::size_t FakeObjectStorage::count() const {
  const std::lock_guard lock(mu_);
  return objects_.size();
}

void FakeObjectStorage::fail_next(int count, int status) {
  const std::lock_guard lock(mu_);
  failures_ = count;
  failure_ = status;
}

void FakeObjectStorage::serve() {
  std::vector<std::thread> connections;
  while (!stopping_) {
    pollfd waited{listener_, POLLIN, 0};
    if (::poll(&waited, 1, kLookAround) <= 0) continue;
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) connections.emplace_back([this, fd] { serve_connection(fd); });
  }
  for (auto& connection : connections) connection.join();
}

void FakeObjectStorage::serve_connection(int fd) {
  std::string in;
  for (Request request; read_request(fd, in, request); request = {}) {
    ++requests_;
    const int status = answer(request);
    if (status == kHangUp) break;
    if (status == kSilence) {
      while (fill(fd, in, stopping_)) {
      }
      break;
    }
    const std::string body =
        status < 300 ? "" : "<Error><Code>Reason" + std::to_string(status) + "</Code></Error>";
    const std::string reply = "HTTP/1.1 " + std::to_string(status) +
                              " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                              body;
    if (::send(fd, reply.data(), reply.size(), MSG_NOSIGNAL) < 0) break;
  }
  ::close(fd);
}

bool FakeObjectStorage::read_request(int fd, std::string& in, Request& request) const {
  while (in.find("\r\n\r\n") == std::string::npos) {
    if (!fill(fd, in, stopping_)) return false;
  }
  std::istringstream head(in.substr(0, in.find("\r\n\r\n") + 2));
  in.erase(0, in.find("\r\n\r\n") + 4);
  std::string target, version, line;
  head >> request.method >> target >> version;
  std::getline(head, line);
  request.path = target.substr(0, target.find('?'));
  while (std::getline(head, line)) {
    const auto colon = line.find(':');
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(), ::tolower);
    const auto value = line.find_first_not_of(' ', colon + 1);
    request.headers[name] = line.substr(value, line.size() - value - 1);
  }
  std::size_t length = 0;
  const std::string text = header(request.headers, "content-length");
  std::from_chars(text.data(), text.data() + text.size(), length);
  while (in.size() < length) {
    if (!fill(fd, in, stopping_)) return false;
  }
  request.body = in.substr(0, length);
  in.erase(0, length);
  return true;
}

int FakeObjectStorage::answer(const Request& request) {
  const std::lock_guard lock(mu_);
  if (failures_ > 0) {
    --failures_;
    return failure_;
  }
  const std::string root = '/' + std::string(kBucket) + '/';
  if (!request.path.starts_with(root)) return 404;
  if (!is_signed(request)) return 403;
  if (!is_whole(request)) return 400;
  const std::string key = request.path.substr(root.size());
  if (request.method == "DELETE") return objects_.erase(key), 204;
  objects_[key] = {request.body, header(request.headers, "content-type")};
  return 200;
}

bool FakeObjectStorage::is_signed(const Request& request) const {
  const std::string proof = header(request.headers, "authorization");
  const std::string key(kKey), secret(kSecret), region(kRegion);
  if (proof.starts_with("AWS4-HMAC-SHA256 ")) {
    const std::string names = part_of(proof, "SignedHeaders");
    const std::string day = header(request.headers, "x-amz-date").substr(0, 8);
    const bool covers_all = names.find("host") != std::string::npos &&
                            names.find("x-amz-content-sha256") != std::string::npos &&
                            names.find("x-amz-date") != std::string::npos;
    return covers_all &&
           part_of(proof, "Credential") == key + '/' + day + '/' + region + "/s3/aws4_request" &&
           part_of(proof, "Signature") ==
               aws_signature(request.method, request.path, request.headers, names, secret, region);
  }
  const std::string text = request.method + '\n' + header(request.headers, "content-md5") + '\n' +
                           header(request.headers, "content-type") + '\n' +
                           header(request.headers, "date") + '\n' + request.path;
  return proof == "OSS " + key + ':' + base64(hmac(::EVP_sha1(), secret, text));
}

bool FakeObjectStorage::is_whole(const Request& request) {
  const std::string sha256 = header(request.headers, "x-amz-content-sha256");
  if (!sha256.empty()) return sha256 == hex(digest(::EVP_sha256(), request.body));
  const std::string md5 = header(request.headers, "content-md5");
  return request.method == "DELETE" || md5 == base64(digest(::EVP_md5(), request.body));
}

}  // namespace qn::test
