#include <utility>

#include "keys/digest.h"
#include "keys/key_material.h"
#include "openssl/bn.h"
#include "openssl/ec.h"
#include "openssl/ecdsa.h"
#include "openssl/mem.h"
#include "tests/mutations.h"

namespace signet {
namespace {

using Number = bssl::UniquePtr<BIGNUM>;

Number FromBytes(absl::string_view bytes) {
  return Number(BN_bin2bn(AsBytes(bytes).data(), bytes.size(), nullptr));
}

// `value` in at least `size` bytes: more, if it does not fit.
std::string ToBytes(const BIGNUM* value, size_t size) {
  std::string bytes(std::max<size_t>(size, BN_num_bytes(value)), '\0');
  BN_bn2bin_padded(reinterpret_cast<uint8_t*>(bytes.data()), bytes.size(),
                   value);
  return bytes;
}

Number Add(const Number& a, const Number& b) {
  Number sum(BN_new());
  BN_add(sum.get(), a.get(), b.get());
  return sum;
}

// |a - b|.
Number Difference(const Number& a, const Number& b) {
  Number difference(BN_new());
  BN_sub(difference.get(), a.get(), b.get());
  BN_set_negative(difference.get(), 0);
  return difference;
}

std::string WithSignature(const MutationInput& in, std::string signature) {
  TokenParts parts = DecodeParts(in.token);
  parts.signature = std::move(signature);
  return EncodeParts(parts);
}

std::string SignatureOf(const MutationInput& in) {
  return DecodeParts(in.token).signature;
}

Number OrderOf(const SigningKey& key) {
  return Number(BN_dup(EC_GROUP_get0_order(EC_KEY_get0_group(
      std::get<bssl::UniquePtr<EC_KEY>>(key.material()).get()))));
}

// r and s of an ECDSA signature.
struct Pair {
  Number r;
  Number s;
  size_t bytes;
};

Pair PairOf(absl::string_view signature) {
  const size_t half = signature.size() / 2;
  return {FromBytes(signature.substr(0, half)),
          FromBytes(signature.substr(half)), half};
}

std::string ToBytes(const Pair& pair) {
  return ToBytes(pair.r.get(), pair.bytes) + ToBytes(pair.s.get(), pair.bytes);
}

// DER, as X.509 and OpenSSL write it.
std::string ToDer(const Pair& pair) {
  const bssl::UniquePtr<ECDSA_SIG> signature(ECDSA_SIG_new());
  ECDSA_SIG_set0(signature.get(), BN_dup(pair.r.get()), BN_dup(pair.s.get()));
  uint8_t* der = nullptr;
  size_t size = 0;
  ECDSA_SIG_to_bytes(&der, &size, signature.get());
  const bssl::UniquePtr<uint8_t> owner(der);
  return std::string(AsText({der, size}));
}

std::string MutateEcdsa(const MutationInput& in, SeededRandom& random) {
  const Number n = OrderOf(in.key);
  const std::string signature = SignatureOf(in);
  Pair pair = PairOf(signature);
  const size_t half = pair.bytes;
  switch (random.Below(10)) {
    case 0:
      std::swap(pair.r, pair.s);
      break;
    case 1:
      pair.r = Add(pair.r, n);
      break;
    case 2:
      pair.s = Add(pair.s, n);
      break;
    case 3:
      pair.r = Difference(n, pair.r);
      break;
    case 4:
      BN_zero((random.Below(2) == 0 ? pair.r : pair.s).get());
      break;
    case 5:
      (random.Below(2) == 0 ? pair.r : pair.s) = Add(n, FromBytes(""));
      break;
    case 6:
      BN_set_word(pair.r.get(), random.Below(3));
      BN_set_word(pair.s.get(), random.Below(3));
      break;
    case 7:
      return WithSignature(in, ToDer(pair));
    case 8:  // Each half one byte longer.
      return WithSignature(in,
                           std::string(1, '\0') + signature.substr(0, half) +
                               std::string(1, '\0') + signature.substr(half));
    default:
      return WithSignature(in, signature.substr(half) + signature);
  }
  return WithSignature(in, ToBytes(pair));
}

std::string MutateRsa(const MutationInput& in, SeededRandom& random) {
  const RSA* rsa =
      std::get<bssl::UniquePtr<RSA>>(in.key.verification_key().material())
          .get();
  const Number n(BN_dup(RSA_get0_n(rsa)));
  const std::string signature = SignatureOf(in);
  const Number value = FromBytes(signature);
  switch (random.Below(6)) {
    case 0:  // The same modulo n.
      return WithSignature(in, ToBytes(Add(value, n).get(), signature.size()));
    case 1:  // Its negative modulo n.
      return WithSignature(
          in, ToBytes(Difference(n, value).get(), signature.size()));
    case 2:
      return WithSignature(in, std::string(1, '\0') + signature);
    case 3: {
      const size_t word = random.Below(3);
      std::string small(signature.size(), '\0');
      small.back() = static_cast<char>(word);
      return WithSignature(in, small);
    }
    case 4:
      return WithSignature(in, ToBytes(n.get(), signature.size()));
    default:
      return WithSignature(in, signature + std::string(1, '\0'));
  }
}

// The group order L = 2^252 + 27742317777372353535851937790883648493.
Number Ed25519Order() {
  BIGNUM* tail = nullptr;
  BN_dec2bn(&tail, "27742317777372353535851937790883648493");
  Number order(tail);
  Number power(BN_new());
  BN_set_bit(power.get(), 252);
  return Add(order, power);
}

std::string ToLittleEndian(const BIGNUM* value) {
  std::string bytes = ToBytes(value, 32);
  return {bytes.rbegin(), bytes.rend()};
}

std::string MutateEd25519(const MutationInput& in, SeededRandom& random) {
  std::string signature = SignatureOf(in);
  const std::string s_bytes = signature.substr(32);
  Number s = FromBytes(std::string(s_bytes.rbegin(), s_bytes.rend()));
  const Number order = Ed25519Order();
  switch (random.Below(5)) {
    case 0:  // S + L, 2 L, ..., 15 L: the same modulo L.
      for (size_t times = 1 + random.Below(15); times > 0; --times) {
        s = Add(s, order);
      }
      return WithSignature(in,
                           signature.substr(0, 32) + ToLittleEndian(s.get()));
    case 1:
      return WithSignature(in, signature.substr(0, 32) +
                                   ToLittleEndian(Difference(order, s).get()));
    case 2:  // The sign of R.
      signature[31] = static_cast<char>(signature[31] ^ 0x80);
      return WithSignature(in, signature);
    case 3:
      return WithSignature(in, signature.substr(32) + signature.substr(0, 32));
    default:  // R and S of low order.
      return WithSignature(in, std::string(1, '\1') + std::string(63, '\0'));
  }
}

std::string MutateHmac(const MutationInput& in, SeededRandom& random) {
  const std::string signature = SignatureOf(in);
  switch (random.Below(3)) {
    case 0:  // Half a tag, as other protocols have it.
      return WithSignature(in, signature.substr(0, signature.size() / 2));
    case 1:
      return WithSignature(in, signature + signature);
    default:
      return WithSignature(in,
                           std::string(signature.rbegin(), signature.rend()));
  }
}

std::string MutateByFamily(const MutationInput& in, SeededRandom& random) {
  switch (FamilyOf(in.key.algorithm())) {
    case AlgorithmFamily::kHmac:
      return MutateHmac(in, random);
    case AlgorithmFamily::kRsaPkcs1:
    case AlgorithmFamily::kRsaPss:
      return MutateRsa(in, random);
    case AlgorithmFamily::kEcdsa:
      return MutateEcdsa(in, random);
    case AlgorithmFamily::kEd25519:
      return MutateEd25519(in, random);
  }
  __builtin_unreachable();
}

std::string FillSignature(const MutationInput& in, SeededRandom& random) {
  const char byte = random.Below(2) == 0 ? '\0' : random.Byte();
  return WithSignature(in, std::string(SignatureOf(in).size(), byte));
}

std::string RandomSignature(const MutationInput& in, SeededRandom& random) {
  std::string signature = SignatureOf(in);
  for (char& byte : signature) byte = random.Byte();
  return WithSignature(in, signature);
}

std::string RemoveSignature(const MutationInput& in, SeededRandom&) {
  return WithSignature(in, "");
}

constexpr Mutation kSignatureMutations[] = {
    {"do arithmetic on the signature", MutateByFamily},
    {"fill the signature with one byte", FillSignature},
    {"make up a signature", RandomSignature},
    {"remove the signature", RemoveSignature},
};

}  // namespace

absl::Span<const Mutation> SignatureMutations() { return kSignatureMutations; }

std::string NegateS(const SigningKey& key, absl::string_view token) {
  TokenParts parts = DecodeParts(token);
  Pair pair = PairOf(parts.signature);
  pair.s = Difference(OrderOf(key), pair.s);
  parts.signature = ToBytes(pair);
  return EncodeParts(parts);
}

}  // namespace signet
