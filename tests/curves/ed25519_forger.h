#ifndef SIGNET_TESTS_CURVES_ED25519_FORGER_H_
#define SIGNET_TESTS_CURVES_ED25519_FORGER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace signet {

using Ed25519Bytes = std::array<uint8_t, 32>;

// Ed25519Forger makes keys and signatures that an honest signer would not: it
// chooses the discrete logarithms and the torsion components of A and R, and
// computes S to fit, or not to. Everything follows from the seed.
class Ed25519Forger {
 public:
  // A = a B + torsion. `a` is below the group order.
  struct Key {
    Ed25519Bytes a;
    size_t torsion;  // 0 to 7; 0 is none
    Ed25519Bytes encoded;
  };
  struct Signed {
    std::string message;
    std::string signature;
  };

  explicit Ed25519Forger(uint64_t seed);

  // Key i of an endless row: first A = B, -B, 2B, -2B, 8B and a = 0 with each
  // torsion that is not 0, then random ones, every other of mixed order.
  Key MakeKey(size_t i);

  // A signature that is valid, or nearly, or not at all.
  Signed Sign(const Key& key);

  // A valid signature.
  Signed SignValidly(const Key& key, size_t message_size);

  // Encodings with y >= p, or x = 0 and the sign bit set.
  const std::vector<Ed25519Bytes>& non_canonical() const {
    return non_canonical_;
  }
  // The eight points of order 1, 2, 4 and 8, encoded.
  const std::array<Ed25519Bytes, 8>& low_order() const { return low_order_; }

  uint64_t Below(uint64_t bound) { return random_() % bound; }
  std::string RandomBytes(size_t size);
  // A uniform scalar below the group order.
  Ed25519Bytes RandomScalar();

 private:
  // r, and the encodings of r B + torsion.
  struct Nonce {
    Ed25519Bytes r;
    std::array<Ed25519Bytes, 8> encoded;
  };

  std::string Message();
  // Chooses R, and the r that S is to be computed with.
  Ed25519Bytes ChooseR(Ed25519Bytes* r);
  // Chooses S, given the right one.
  Ed25519Bytes ChooseS(const Ed25519Bytes& right);

  std::mt19937_64 random_;
  std::array<Ed25519Bytes, 8> low_order_;
  std::vector<Ed25519Bytes> non_canonical_;
  std::vector<Nonce> nonces_;
};

// SolveWithBoringSsl encodes s B - k A, `a` being the encoding of A.
Ed25519Bytes SolveWithBoringSsl(const uint8_t s[32], const uint8_t k[32],
                                const Ed25519Bytes& a);

}  // namespace signet

#endif  // SIGNET_TESTS_CURVES_ED25519_FORGER_H_
