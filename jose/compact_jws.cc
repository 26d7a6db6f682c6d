#include "jose/compact_jws.h"

#include <utility>

#include "jose/base64url.h"
#include "jose/json.h"

namespace signet {
namespace {

Rejection Malformed(absl::string_view detail) {
  return {RejectionReason::kMalformed, "", detail};
}

// The three parts of a token, still encoded.
struct Parts {
  absl::string_view header;
  absl::string_view payload;
  absl::string_view signature;
  absl::string_view signing_input;
};

std::optional<Parts> Split(absl::string_view compact) {
  const size_t first = compact.find('.');
  if (first == absl::string_view::npos) return std::nullopt;
  const size_t second = compact.find('.', first + 1);
  if (second == absl::string_view::npos) return std::nullopt;
  // A third dot would fail to decode; saying what is wrong is kinder.
  if (compact.find('.', second + 1) != absl::string_view::npos) {
    return std::nullopt;
  }
  return Parts{compact.substr(0, first),
               compact.substr(first + 1, second - first - 1),
               compact.substr(second + 1), compact.substr(0, second)};
}

// Decodes `encoded` to `free`, and moves that behind the result and its
// padding.
std::optional<absl::string_view> Decode(absl::string_view encoded,
                                        char*& free) {
  const size_t size = Base64UrlDecodedSize(encoded.size());
  if (!Base64UrlDecodeTo(encoded, free)) return std::nullopt;
  const absl::string_view decoded(free, size);
  free += size + kJsonPadding;
  return decoded;
}

}  // namespace

RejectionOr<CompactJws> CompactJws::Parse(absl::string_view compact) {
  CompactJws jws;
  if (auto rejection = jws.Read(compact)) return *std::move(rejection);
  return jws;
}

std::optional<Rejection> CompactJws::Read(absl::string_view compact) {
  if (compact.size() > kMaxTokenBytes) {
    return Rejection{RejectionReason::kTooLarge, "",
                     "the token is longer than 16384 bytes"};
  }
  const std::optional<Parts> parts = Split(compact);
  if (!parts) return Malformed("the token is not three parts joined by dots");
  signing_input_ = parts->signing_input;
  const size_t needed = Base64UrlDecodedSize(compact.size()) + 2 * kJsonPadding;
  if (decoded_.size() < needed) decoded_.resize(needed);

  if (encoded_header_.empty() || parts->header != encoded_header_) {
    if (auto rejection = ReadHeader(parts->header)) return rejection;
  }
  char* free = decoded_.data();
  const auto payload = Decode(parts->payload, free);
  if (!payload) {
    return Malformed("the payload is not base64url without padding");
  }
  const auto signature = Decode(parts->signature, free);
  if (!signature) {
    return Malformed("the signature is not base64url without padding");
  }
  payload_ = *payload;
  signature_ = *signature;
  return std::nullopt;
}

std::optional<Rejection> CompactJws::ReadHeader(absl::string_view encoded) {
  encoded_header_.clear();  // There is no good one until the end.
  char* free = decoded_.data();
  const auto json = Decode(encoded, free);
  if (!json) return Malformed("the header is not base64url without padding");
  if (!header_document_.ReadObject(*json).ok()) {
    return Malformed("the header is not a JSON object without duplicates");
  }
  const RejectionOr<JoseHeader> header =
      JoseHeader::Parse(header_document_.object());
  if (!header.ok()) return header.rejection();
  header_ = *header;
  encoded_header_.assign(encoded.data(), encoded.size());
  return std::nullopt;
}

}  // namespace signet
