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

// Decoder decodes one part behind the other into the same memory.
class Decoder {
 public:
  explicit Decoder(char* memory) : free_(memory) {}

  std::optional<absl::string_view> Decode(absl::string_view encoded) {
    const size_t size = Base64UrlDecodedSize(encoded.size());
    if (!Base64UrlDecodeTo(encoded, free_)) return std::nullopt;
    const absl::string_view decoded(free_, size);
    free_ += size + kJsonPadding;
    return decoded;
  }

 private:
  char* free_;
};

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
  const size_t needed = Base64UrlDecodedSize(compact.size()) + 3 * kJsonPadding;
  if (decoded_.size() < needed) decoded_.resize(needed);
  Decoder decoder(decoded_.data());

  const auto header = decoder.Decode(parts->header);
  if (!header) return Malformed("the header is not base64url without padding");
  if (auto rejection = ReadHeader(*header)) return rejection;
  const auto payload = decoder.Decode(parts->payload);
  if (!payload) {
    return Malformed("the payload is not base64url without padding");
  }
  const auto signature = decoder.Decode(parts->signature);
  if (!signature) {
    return Malformed("the signature is not base64url without padding");
  }
  payload_ = *payload;
  signature_ = *signature;
  return std::nullopt;
}

std::optional<Rejection> CompactJws::ReadHeader(absl::string_view json) {
  if (!header_document_.ReadObject(json).ok()) {
    return Malformed("the header is not a JSON object without duplicates");
  }
  const RejectionOr<JoseHeader> header =
      JoseHeader::Parse(header_document_.object());
  if (!header.ok()) return header.rejection();
  header_ = *header;
  return std::nullopt;
}

}  // namespace signet
