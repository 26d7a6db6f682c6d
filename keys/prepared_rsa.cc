#include "keys/prepared_rsa.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "absl/numeric/bits.h"
#include "curves/error_queue.h"
#include "keys/key_material.h"
#include "keys/pss_encoding.h"
#include "openssl/mem.h"

// After openssl/bn.h, whose types it uses.
#include "crypto/fipsmodule/bn/internal.h"

namespace signet {
namespace {

constexpr size_t kMaxBytes = kMaxRsaBits / 8;
constexpr size_t kMaxWords = kMaxBytes / sizeof(BN_ULONG);
using Words = std::array<BN_ULONG, kMaxWords>;

#ifdef OPENSSL_BN_ASM_MONT
constexpr bool kHasMultiplication = true;

// product = a b / R modulo n, for one of a and b below n.
void Multiply(const BN_MONT_CTX& montgomery, const BN_ULONG* a,
              const BN_ULONG* b, BN_ULONG* product) {
  const BIGNUM& n = montgomery.N;
  // It takes every number that has two words.
  if (bn_mul_mont(product, a, b, n.d, montgomery.n0, n.width) != 1) {
    std::abort();
  }
}
#else
constexpr bool kHasMultiplication = false;

void Multiply(const BN_MONT_CTX&, const BN_ULONG*, const BN_ULONG*, BN_ULONG*) {
  std::abort();
}
#endif

// What comes before the digest in an encoding of `bytes` bytes (RFC 8017
// section 9.2): 0, 1, 255 ..., 0, and the name of the hash function.
std::vector<uint8_t> EncodedBeforeDigest(const EVP_MD* hash, size_t bytes) {
  const std::vector<uint8_t> digest(EVP_MD_size(hash));
  uint8_t* named = nullptr;
  size_t named_size = 0;
  int is_allocated = 0;
  if (RSA_add_pkcs1_prefix(&named, &named_size, &is_allocated,
                           EVP_MD_type(hash), digest.data(),
                           digest.size()) != 1) {
    std::abort();  // It knows all of our hash functions.
  }
  std::vector<uint8_t> encoded(bytes - named_size, 0xff);
  encoded.front() = 0;
  encoded[1] = 1;
  encoded.back() = 0;
  encoded.insert(encoded.end(), named, named + named_size - digest.size());
  if (is_allocated != 0) OPENSSL_free(named);
  return encoded;
}

}  // namespace

std::unique_ptr<const PreparedRsa> PreparedRsa::Create(Algorithm algorithm,
                                                       const RSA& rsa) {
  if (!kHasMultiplication) return nullptr;
  const ErrorQueueCleaner cleaner;
  const bssl::UniquePtr<BN_CTX> context(BN_CTX_new());
  if (context == nullptr) return nullptr;
  bssl::UniquePtr<BN_MONT_CTX> montgomery(
      BN_MONT_CTX_new_for_modulus(RSA_get0_n(&rsa), context.get()));
  if (montgomery == nullptr) return nullptr;
  return std::unique_ptr<const PreparedRsa>(
      new PreparedRsa(algorithm, rsa, std::move(montgomery)));
}

PreparedRsa::PreparedRsa(Algorithm algorithm, const RSA& rsa,
                         bssl::UniquePtr<BN_MONT_CTX> montgomery)
    : algorithm_(algorithm),
      bits_(RSA_bits(&rsa)),
      bytes_(RSA_size(&rsa)),
      montgomery_(std::move(montgomery)) {
  BN_get_u64(RSA_get0_e(&rsa), &exponent_);
  if (FamilyOf(algorithm) == AlgorithmFamily::kRsaPkcs1) {
    encoded_before_digest_ = EncodedBeforeDigest(HashOf(algorithm), bytes_);
  }
}

bool PreparedRsa::Verify(const Digest& digest,
                         absl::Span<const uint8_t> signature) const {
  if (signature.size() != bytes_) return false;
  std::array<uint8_t, kMaxBytes> power;
  const auto encoded = absl::MakeSpan(power).subspan(0, bytes_);
  if (!Raise(signature, encoded)) return false;
  if (FamilyOf(algorithm_) == AlgorithmFamily::kRsaPss) {
    return IsPssEncoding(encoded, bits_, digest, HashOf(algorithm_));
  }
  const size_t border = encoded_before_digest_.size();
  return encoded.subspan(0, border) == encoded_before_digest_ &&
         encoded.subspan(border) == digest.bytes();
}

// Square and multiply from the exponent's second bit on. The bits of 65537 are
// sparse, and those of a rarer one few: 33.
bool PreparedRsa::Raise(absl::Span<const uint8_t> signature,
                        absl::Span<uint8_t> power) const {
  const BN_MONT_CTX& montgomery = *montgomery_;
  const size_t words = montgomery.N.width;
  Words base;
  Words base_in_form;
  Words result;
  bn_big_endian_to_words(base.data(), words, signature.data(), bytes_);
  if (bn_less_than_words(base.data(), montgomery.N.d, words) != 1) return false;
  Multiply(montgomery, base.data(), montgomery.RR.d, base_in_form.data());
  std::copy_n(base_in_form.begin(), words, result.begin());
  for (int bit = static_cast<int>(absl::bit_width(exponent_)) - 2; bit > 0;
       --bit) {
    Multiply(montgomery, result.data(), result.data(), result.data());
    if ((exponent_ >> bit & 1) == 0) continue;
    Multiply(montgomery, result.data(), base_in_form.data(), result.data());
  }
  // The last bit is one. A factor that is not in Montgomery form takes the
  // product out of it.
  Multiply(montgomery, result.data(), result.data(), result.data());
  Multiply(montgomery, result.data(), base.data(), result.data());
  bn_words_to_big_endian(power.data(), bytes_, result.data(), words);
  return true;
}

}  // namespace signet
