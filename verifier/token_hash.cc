#include "verifier/token_hash.h"

#include "openssl/rand.h"

namespace signet {

TokenHash::TokenHash() {
  // RAND_bytes aborts rather than fail.
  RAND_bytes(reinterpret_cast<uint8_t*>(place_keys_.data()),
             sizeof(place_keys_));
}

}  // namespace signet
