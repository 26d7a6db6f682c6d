#include "jose/compact_jws.h"

#include <optional>
#include <utility>

#include "absl/status/statusor.h"
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

RejectionOr<JoseHeader> DecodeHeader(absl::string_view encoded) {
  const std::optional<std::string> json = Base64UrlDecode(encoded);
  if (!json) return Malformed("the header is not base64url without padding");
  const absl::StatusOr<JsonDocument> document =
      JsonDocument::ParseObject(*json);
  if (!document.ok()) {
    return Malformed("the header is not a JSON object without duplicates");
  }
  return JoseHeader::Parse(document->object());
}

}  // namespace

RejectionOr<CompactJws> CompactJws::Parse(absl::string_view compact) {
  if (compact.size() > kMaxTokenBytes) {
    return Rejection{RejectionReason::kTooLarge, "",
                     "the token is longer than 16384 bytes"};
  }
  const std::optional<Parts> parts = Split(compact);
  if (!parts) return Malformed("the token is not three parts joined by dots");
  RejectionOr<JoseHeader> header = DecodeHeader(parts->header);
  if (!header.ok()) return header.rejection();
  std::optional<std::string> payload = Base64UrlDecode(parts->payload);
  if (!payload) {
    return Malformed("the payload is not base64url without padding");
  }
  std::optional<std::string> signature = Base64UrlDecode(parts->signature);
  if (!signature) {
    return Malformed("the signature is not base64url without padding");
  }
  return CompactJws{*std::move(header), *std::move(payload),
                    *std::move(signature), parts->signing_input};
}

}  // namespace signet
