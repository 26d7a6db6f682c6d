#ifndef SIGNET_KEYS_TRUSTED_ISSUERS_H_
#define SIGNET_KEYS_TRUSTED_ISSUERS_H_

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "keys/key_set.h"

namespace signet {

// TrustedIssuers knows the keys of every issuer whose tokens may be accepted.
// Immutable, and may be used from many threads at once.
class TrustedIssuers {
 public:
  explicit TrustedIssuers(absl::flat_hash_map<std::string, KeySet> key_sets)
      : key_sets_(std::move(key_sets)) {}

  // FindKeys returns the keys of `issuer`, compared byte for byte, or null if
  // it is not trusted. They live as long as this object.
  const KeySet* FindKeys(absl::string_view issuer) const {
    const auto found = key_sets_.find(issuer);
    return found == key_sets_.end() ? nullptr : &found->second;
  }

 private:
  absl::flat_hash_map<std::string, KeySet> key_sets_;
};

}  // namespace signet

#endif  // SIGNET_KEYS_TRUSTED_ISSUERS_H_
