#ifndef SIGNET_KEYS_ED25519_POINT_H_
#define SIGNET_KEYS_ED25519_POINT_H_

#include <array>
#include <cstdint>

#include "absl/status/status.h"

namespace signet {

// CheckEd25519Point returns InvalidArgument unless `encoded` is the canonical
// encoding (RFC 8032 section 5.1.2) of a point on the curve whose order is not
// 1, 2, 4 or 8. A low-order key would accept one signature for many messages.
// Not constant-time: for public keys only.
absl::Status CheckEd25519Point(const std::array<uint8_t, 32>& encoded);

}  // namespace signet

#endif  // SIGNET_KEYS_ED25519_POINT_H_
