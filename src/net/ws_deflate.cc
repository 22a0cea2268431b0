#include "net/ws_deflate.h"

#include <zlib.h>

#include <algorithm>
#include <bit>

#include "base/bytes.h"

namespace qn::net {
namespace {

constexpr std::string_view kTail("\x00\x00\xff\xff", 4);  // RFC 7692 §7.2.1: is not sent
constexpr std::size_t kInflateStep = 8_KiB;
constexpr int kLargestWindow = 15;
constexpr int kSmallestWindow = 9;  // zlib cannot write raw streams with less
constexpr std::size_t kSmallMessage = 4_KiB;

Bytef* input_of(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

// What zlib has to prepare grows with both.
int window_for(std::size_t size) {
  return std::clamp(static_cast<int>(std::bit_width(size)), kSmallestWindow, kLargestWindow);
}

int memory_for(std::size_t size) {
  return size <= kSmallMessage ? 4 : 8;
}

}  // namespace

std::string ws_deflate(std::string_view payload) {
  z_stream stream{};
  const int ready =
      deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -window_for(payload.size()),
                   memory_for(payload.size()), Z_DEFAULT_STRATEGY);
  if (ready != Z_OK) return {};
  std::string out(deflateBound(&stream, payload.size()) + kTail.size() + 8, '\0');
  stream.next_in = input_of(payload);
  stream.avail_in = static_cast<uInt>(payload.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int done = deflate(&stream, Z_SYNC_FLUSH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  if (done != Z_OK || !out.ends_with(kTail)) return {};
  out.resize(out.size() - kTail.size());
  return out;
}

WsInflater::WsInflater() : stream_(std::make_unique<z_stream>()) {
  is_ready_ = inflateInit2(stream_.get(), -kLargestWindow) == Z_OK;
}

WsInflater::~WsInflater() {
  if (is_ready_) inflateEnd(stream_.get());
}

WsInflater::Result WsInflater::inflate(std::string_view payload, std::size_t limit,
                                       std::string& out) {
  out.clear();
  if (!is_ready_ || inflateReset(stream_.get()) != Z_OK) return Result::kBroken;
  const Result result = feed(payload, limit, out);
  return result == Result::kOk ? feed(kTail, limit, out) : result;
}

WsInflater::Result WsInflater::feed(std::string_view input, std::size_t limit, std::string& out) {
  stream_->next_in = input_of(input);
  stream_->avail_in = static_cast<uInt>(input.size());
  for (;;) {
    const std::size_t before = out.size();
    if (before > limit) return Result::kTooLarge;
    const std::size_t step = std::min(kInflateStep, limit + 1 - before);
    out.resize(before + step);
    stream_->next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream_->avail_out = static_cast<uInt>(step);
    const int state = ::inflate(stream_.get(), Z_SYNC_FLUSH);
    out.resize(before + step - stream_->avail_out);
    const bool is_full = stream_->avail_out == 0;
    if (state == Z_STREAM_END) {  // a sender may end its stream in the middle: §7.2.3.4
      if (inflateReset(stream_.get()) != Z_OK) return Result::kBroken;
    } else if (state != Z_OK && state != Z_BUF_ERROR) {
      return Result::kBroken;
    }
    if (stream_->avail_in == 0 && !is_full) return Result::kOk;
    if (state == Z_BUF_ERROR && !is_full) return Result::kBroken;
  }
}

}  // namespace qn::net
