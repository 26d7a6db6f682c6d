#ifndef SIGNET_KEYS_KEY_REWRAP_H_
#define SIGNET_KEYS_KEY_REWRAP_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "keys/key_sealing.h"
#include "store/store.h"

namespace signet {

// RewrappedKeys counts the private keys of a store.
struct RewrappedKeys {
  // Those that were sealed anew.
  int64_t rewrapped = 0;
  // Those that the new key-encryption key had sealed before.
  int64_t up_to_date = 0;
};

// RewrapKeys has all private keys in `store` sealed by `to` that are sealed by
// `from`, in one commit. Fails as the store does and as KeyEncryptionKey::Open,
// with nothing changed, unless the commit's own answer was lost: to repeat it
// does no harm. Who else changes keys meanwhile goes first; Aborted, if that
// does not end.
//
// Servers that run with `from` cannot read the keys any more.
absl::StatusOr<RewrappedKeys> RewrapKeys(Store& store,
                                         const KeyEncryptionKey& from,
                                         const KeyEncryptionKey& to);

}  // namespace signet

#endif  // SIGNET_KEYS_KEY_REWRAP_H_
