// HMAC and RSA signatures, valid, corrupted and forged with the private key,
// each judged three times: by VerifySignature, by VerifySignatures, and by
// BoringSSL's own call, asked directly.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "jose/algorithm.h"
#include "keys/digest.h"
#include "keys/key_material.h"
#include "keys/verification_key.h"
#include "openssl/digest.h"
#include "openssl/err.h"
#include "openssl/hmac.h"
#include "openssl/rsa.h"
#include "tests/differential/case_count.h"
#include "tests/differential/rsa_encodings.h"
#include "tests/differential/rsa_forger.h"
#include "verifier/signature.h"

namespace signet {
namespace {

constexpr size_t kBatchSizes[] = {0, 1, 2, 3, 7, 64, 65, 130};

// Signer is a key with its private half, and BoringSSL's judgement.
class Signer {
 public:
  Signer(Algorithm algorithm, PublicMaterial material)
      : key_(VerificationKey::Create(algorithm, "", std::move(material), {})
                 .value()) {}
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;
  virtual ~Signer() = default;

  const VerificationKey& key() const { return key_; }
  const EVP_MD* hash() const { return HashOf(key_.algorithm()); }

  // Sign signs `message`, rightly or almost so. Mutate changes a signature of
  // it. IsValid is BoringSSL's verdict.
  virtual std::string Sign(const std::string& message,
                           std::mt19937_64& random) const = 0;
  virtual std::string Mutate(const std::string& message, std::string signature,
                             std::mt19937_64& random) const = 0;
  virtual bool IsValid(absl::string_view message,
                       absl::string_view signature) const = 0;

 private:
  VerificationKey key_;
};

std::string FlipBit(std::string bytes, std::mt19937_64& random) {
  char& byte = bytes[random() % bytes.size()];
  byte = static_cast<char>(byte ^ 1 << random() % 8);
  return bytes;
}

std::string ChangeLength(const std::string& bytes, std::mt19937_64& random) {
  switch (random() % 5) {
    case 0:
      return bytes.substr(0, random() % bytes.size());
    case 1:
      return bytes + RandomText(1 + random() % 9, random);
    case 2:
      return bytes + '\0';
    case 3:
      return '\0' + bytes;
    default:
      return bytes.substr(1);
  }
}

class HmacSigner : public Signer {
 public:
  HmacSigner(Algorithm algorithm, const std::string& secret)
      : Signer(algorithm, SecretBytes(AsBytes(secret))), secret_(secret) {}

  std::string Sign(const std::string& message,
                   std::mt19937_64&) const override {
    return Mac(hash(), message);
  }

  std::string Mutate(const std::string& message, std::string signature,
                     std::mt19937_64& random) const override {
    switch (random() % 8) {
      case 0:
      case 1:
        return ChangeLength(signature, random);
      case 2:  // Another algorithm's, at times cut to the right length.
        return Mac(random() % 2 == 0 ? EVP_sha384() : EVP_sha512(), message)
            .substr(0, random() % 2 == 0 ? signature.size() : 64);
      case 3:
        return std::string(signature.size(), '\0');
      default:
        return FlipBit(std::move(signature), random);
    }
  }

  bool IsValid(absl::string_view message,
               absl::string_view signature) const override {
    return Mac(hash(), message) == signature;
  }

 private:
  std::string Mac(const EVP_MD* hash, absl::string_view message) const {
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    HMAC(hash, secret_.data(), secret_.size(), AsBytes(message).data(),
         message.size(), mac, &size);
    return std::string(AsText({mac, size}));
  }

  std::string secret_;
};

class RsaSigner : public Signer {
 public:
  RsaSigner(Algorithm algorithm, std::shared_ptr<const RsaForger> forger)
      : Signer(algorithm, forger->PublicKey()),
        forger_(std::move(forger)),
        rsa_(forger_->PublicKey()) {}

  std::string Sign(const std::string& message,
                   std::mt19937_64& random) const override {
    const auto encode = IsPss() ? EncodePss : EncodePkcs1;
    return forger_->Sign(encode(forger_->bits(), hash(), message, random));
  }

  std::string Mutate(const std::string&, std::string signature,
                     std::mt19937_64& random) const override {
    std::string zero(signature.size(), '\0');
    switch (random() % 16) {
      case 0:
      case 1:
        return ChangeLength(signature, random);
      case 2:
        return zero;
      case 3:  // n
        return forger_->PlusModulus(zero);
      case 4:
        return forger_->PlusModulus(signature);
      case 5:  // 1 or n - 1
        signature = zero;
        signature.back() = 1;
        return random() % 2 == 0 ? signature : forger_->Opposite(signature);
      case 6:  // s^e is -EM now, or EM again.
        return forger_->Opposite(signature);
      case 7:
        return std::string(signature.size(), '\xff');
      default:
        return FlipBit(std::move(signature), random);
    }
  }

  bool IsValid(absl::string_view message,
               absl::string_view signature) const override {
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(message.data(), message.size(), digest, &size, hash(), nullptr);
    const auto bytes = AsBytes(signature);
    const bool valid =
        IsPss() ? RSA_verify_pss_mgf1(rsa_.get(), digest, size, hash(), hash(),
                                      /*salt_len=*/-1, bytes.data(),
                                      bytes.size()) == 1
                : RSA_verify(EVP_MD_type(hash()), digest, size, bytes.data(),
                             bytes.size(), rsa_.get()) == 1;
    ERR_clear_error();
    return valid;
  }

 private:
  bool IsPss() const {
    return FamilyOf(key().algorithm()) == AlgorithmFamily::kRsaPss;
  }

  std::shared_ptr<const RsaForger> forger_;
  bssl::UniquePtr<RSA> rsa_;
};

using Signers = std::vector<std::unique_ptr<const Signer>>;

Signers MakeSigners(Algorithm algorithm, std::mt19937_64& random) {
  Signers signers;
  if (FamilyOf(algorithm) == AlgorithmFamily::kHmac) {
    // Shorter than, as long as, and longer than a block of the hash.
    for (const size_t size : {64, 65, 127, 128, 129, 200}) {
      signers.push_back(
          std::make_unique<HmacSigner>(algorithm, RandomText(size, random)));
    }
    return signers;
  }
  const std::pair<size_t, unsigned> kinds[] = {
      {2048, 65537}, {2048, 3}, {2049, 65537}, {2055, 17}, {3072, 65537}};
  for (const auto& [bits, exponent] : kinds) {
    signers.push_back(std::make_unique<RsaSigner>(
        algorithm, std::make_shared<const RsaForger>(bits, exponent, random)));
  }
  return signers;
}

struct Case {
  const Signer* signer;
  std::string message;
  std::string signature;

  SignatureTask task() const { return {&signer->key(), message, signature}; }
};

// A signature, and mutants of it: a quarter are as it was, and some have
// another message or another key.
void AddMutants(const Signers& signers, std::mt19937_64& random,
                std::vector<Case>& cases) {
  constexpr size_t kMutants = 32;
  const Signer* signer = signers[random() % signers.size()].get();
  const std::string message = RandomText(random() % 300, random);
  const std::string signature = signer->Sign(message, random);
  for (size_t i = 0; i < kMutants; ++i) {
    Case c = {signer, message, signature};
    if (i == 0) c.message += '.';
    if (i == 1) c.signer = signers[random() % signers.size()].get();
    if (i >= kMutants / 4) {
      c.signature = signer->Mutate(message, signature, random);
    }
    cases.push_back(std::move(c));
  }
}

size_t ExpectIdenticalVerdicts(absl::Span<const Case> cases,
                               std::mt19937_64& random) {
  size_t valid = 0;
  while (!cases.empty()) {
    const auto some =
        cases.subspan(0, kBatchSizes[random() % std::size(kBatchSizes)]);
    std::vector<SignatureTask> tasks;
    tasks.reserve(some.size());
    for (const Case& c : some) tasks.push_back(c.task());
    const auto batch = std::make_unique<bool[]>(some.size());
    VerifySignatures(tasks, absl::MakeSpan(batch.get(), some.size()));
    for (size_t i = 0; i < some.size(); ++i) {
      const Case& c = some[i];
      const bool expected = c.signer->IsValid(c.message, c.signature);
      const bool single =
          VerifySignature(c.signer->key(), c.message, c.signature);
      EXPECT_TRUE(single == expected && batch[i] == expected)
          << "BoringSSL says " << expected << ", alone it is " << single
          << ", and " << batch[i] << " in a batch: message "
          << absl::BytesToHexString(c.message) << " signature "
          << absl::BytesToHexString(c.signature);
      valid += expected ? 1 : 0;
    }
    cases.remove_prefix(some.size());
  }
  EXPECT_EQ(ERR_peek_error(), 0U);
  return valid;
}

constexpr size_t kRounds = 4;

class SignatureDifferential
    : public ::testing::TestWithParam<std::tuple<Algorithm, size_t>> {};

TEST_P(SignatureDifferential, EveryVerdictIsBoringSsls) {
  const auto [algorithm, round] = GetParam();
  std::mt19937_64 random(100 * static_cast<uint64_t>(algorithm) + round);
  const Signers signers = MakeSigners(algorithm, random);
  const size_t wanted = (CaseCount(16384) + kRounds - 1) / kRounds;
  size_t checked = 0;
  size_t valid = 0;
  while (checked < wanted && !HasFailure()) {
    std::vector<Case> cases;
    for (int i = 0; i < 8; ++i) AddMutants(signers, random, cases);
    std::shuffle(cases.begin(), cases.end(), random);
    valid += ExpectIdenticalVerdicts(cases, random);
    checked += cases.size();
  }
  EXPECT_GT(valid, checked / 16);
  std::cout << AlgorithmName(algorithm) << ": " << checked << " cases, "
            << valid << " valid\n";
}

INSTANTIATE_TEST_SUITE_P(
    Rounds, SignatureDifferential,
    ::testing::Combine(::testing::Values(Algorithm::kHs256, Algorithm::kHs384,
                                         Algorithm::kHs512, Algorithm::kRs256,
                                         Algorithm::kRs384, Algorithm::kRs512,
                                         Algorithm::kPs256, Algorithm::kPs384,
                                         Algorithm::kPs512),
                       ::testing::Range(size_t{0}, kRounds)));

}  // namespace
}  // namespace signet
