#include "keys/roca.h"

#include <algorithm>
#include <iterator>

#include "openssl/bn.h"

namespace signet {
namespace {

// Primes modulo which the powers of 65537 are few ("The Return of
// Coppersmith's Attack", Nemec et al., section 2.2).
constexpr BN_ULONG kPrimes[] = {3,  5,  7,  11, 13,  17,  19,  37,  53,  61,
                                71, 73, 79, 97, 103, 107, 109, 127, 151, 157};

bool IsPowerOf65537(BN_ULONG value, BN_ULONG prime) {
  BN_ULONG power = 1;
  do {
    if (power == value) return true;
    power = power * 65537 % prime;
  } while (power != 1);
  return false;
}

}  // namespace

bool HasRocaFingerprint(const BIGNUM* modulus) {
  return std::all_of(
      std::begin(kPrimes), std::end(kPrimes), [modulus](BN_ULONG prime) {
        return IsPowerOf65537(BN_mod_word(modulus, prime), prime);
      });
}

}  // namespace signet
