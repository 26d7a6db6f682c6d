#ifndef SIGNET_JOSE_COMPACT_JWS_H_
#define SIGNET_JOSE_COMPACT_JWS_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "jose/jose_header.h"
#include "jose/rejection.h"

namespace signet {

// kMaxTokenBytes bounds a token before any work is done on it.
inline constexpr size_t kMaxTokenBytes = size_t{16} * 1024;

// CompactJws is a JWS in compact serialization (RFC 7515 section 7.1), taken
// apart. Nothing in it is verified.
struct CompactJws {
  JoseHeader header;
  // The decoded payload: any bytes.
  std::string payload;
  // The decoded signature: any bytes.
  std::string signature;
  // What the signature is computed over: the encoded header and payload with
  // the dot between them. Points into the string that was parsed.
  absl::string_view signing_input;

  // Parse keeps a view into `compact`, which must outlive the result.
  static RejectionOr<CompactJws> Parse(absl::string_view compact);
};

}  // namespace signet

#endif  // SIGNET_JOSE_COMPACT_JWS_H_
