#include "net/reply_writer.h"

#include <algorithm>
#include <charconv>

namespace qn::net {
namespace {

bool has_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

void append_number(std::string& out, std::uint64_t n) {
  char buffer[20];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, n).ptr;
  out.append(buffer, end);
}

bool equal_without_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
    return x == y || (x >= 'A' && x <= 'Z' && (x | 0x20) == y);
  });
}

bool is_owned_by_transport(std::string_view name) {
  return equal_without_case(name, "content-length") || equal_without_case(name, "date") ||
         equal_without_case(name, "transfer-encoding") || equal_without_case(name, "connection") ||
         equal_without_case(name, "x-request-id");
}

bool splits_head(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t'; });
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

Framing framing_of(const HttpReply& reply, const ReplyContext& context) {
  if (!has_body(reply.status)) return Framing::kNone;
  if (!reply.source || reply.content_length) return Framing::kLength;
  return context.minor_version >= 1 ? Framing::kChunked : Framing::kUntilClose;
}

void append_reply_head(std::string& out, const HttpReply& reply, const ReplyContext& context,
                       Framing framing) {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::uint64_t>(reply.status));
  out.append(" ").append(reason_phrase(reply.status)).append("\r\nDate: ").append(context.date);
  if (framing == Framing::kLength) {
    out.append("\r\nContent-Length: ");
    append_number(out, reply.source ? *reply.content_length : reply.body.size());
  } else if (framing == Framing::kChunked) {
    out.append("\r\nTransfer-Encoding: chunked");
  }
  if (!context.keep_alive) {
    out.append("\r\nConnection: close");
  } else if (context.minor_version == 0) {
    out.append("\r\nConnection: keep-alive");
  }
  out.append("\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: ").append(context.id);
  out.append("\r\n");
  if (!reply.content_type.empty() && !splits_head(reply.content_type)) {
    append_field(out, "Content-Type", reply.content_type);
  }
  for (const auto& [name, value] : reply.headers) {
    if (name.empty() || is_owned_by_transport(name)) continue;
    if (!splits_head(name) && !splits_head(value)) append_field(out, name, value);
  }
  out.append("\r\n");
}

void append_chunk_size(std::string& out, std::size_t n) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, n, 16).ptr;
  out.append(digits, end).append("\r\n");
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    case 507:
      return "Insufficient Storage";
    default:
      return "";
  }
}

}  // namespace qn::net
