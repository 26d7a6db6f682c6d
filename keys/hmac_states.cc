#include "keys/hmac_states.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "openssl/mem.h"

namespace signet {
namespace {

// Stands for a state that has taken the secret, and wipes it in the end.
class WipedState {
 public:
  explicit WipedState(const HashState& state) : state_(state) {}
  // A copy would be one more to wipe.
  WipedState(const WipedState&) = delete;
  WipedState& operator=(const WipedState&) = delete;
  ~WipedState() { OPENSSL_cleanse(&state_, sizeof(state_)); }

  Digest Finish(absl::Span<const uint8_t> bytes) {
    state_.Update(bytes);
    return state_.Finish();
  }

 private:
  HashState state_;
};

}  // namespace

HmacStates::HmacStates(Algorithm algorithm, absl::Span<const uint8_t> secret)
    : inner_(HashOf(algorithm)), outer_(HashOf(algorithm)) {
  const EVP_MD* const hash = HashOf(algorithm);
  const size_t block_size = EVP_MD_block_size(hash);
  std::array<uint8_t, EVP_MAX_MD_BLOCK_SIZE> block = {};
  if (secret.size() > block_size) {
    const Digest digest(hash, AsText(secret));
    std::copy(digest.bytes().begin(), digest.bytes().end(), block.begin());
  } else {
    std::copy(secret.begin(), secret.end(), block.begin());
  }
  constexpr uint8_t kInnerPad = 0x36;
  constexpr uint8_t kOuterPad = 0x5c;
  for (uint8_t& byte : block) byte ^= kInnerPad;
  inner_.Update({block.data(), block_size});
  for (uint8_t& byte : block) byte ^= kInnerPad ^ kOuterPad;
  outer_.Update({block.data(), block_size});
  OPENSSL_cleanse(block.data(), block.size());
}

HmacStates::~HmacStates() {
  OPENSSL_cleanse(&inner_, sizeof(inner_));
  OPENSSL_cleanse(&outer_, sizeof(outer_));
}

bool HmacStates::Verify(absl::string_view message,
                        absl::string_view mac) const {
  const Digest inner = WipedState(inner_).Finish(AsBytes(message));
  const Digest expected = WipedState(outer_).Finish(inner.bytes());
  return mac.size() == expected.bytes().size() &&
         CRYPTO_memcmp(expected.bytes().data(), mac.data(), mac.size()) == 0;
}

}  // namespace signet
