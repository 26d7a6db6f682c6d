#include "tests/test_issuer.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "jose/base64url.h"
#include "jose/json.h"
#include "jose/json_writer.h"
#include "keys/digest.h"
#include "keys/jwk.h"
#include "keys/key_material.h"
#include "openssl/ec.h"

namespace signet {
namespace {

// RFC 7515 appendix A.2.1.
// clang-format off
constexpr absl::string_view kRsaJwk =
    R"({"kty":"RSA","e":"AQAB",)"
    R"("n":")"
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfH"
    "Qp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRP"
    "EwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexM"
    "dbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qC"
    "o5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethF"
    "kMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
    R"(",)"
    R"("d":")"
    "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7"
    "_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn"
    "2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gf"
    "pRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juU"
    "O1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_"
    "RQyGWSeWjnczT0QU91p1DhOVRuOopznQ"
    R"(",)"
    R"("p":")"
    "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqB"
    "dss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc"
    "1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc"
    R"(",)"
    R"("q":")"
    "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHg"
    "HAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfI"
    "sRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc"
    R"(",)"
    R"("dp":")"
    "BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhr"
    "qE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cp"
    "dTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0"
    R"(",)"
    R"("dq":")"
    "h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xX"
    "DoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4I"
    "KhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU"
    R"(",)"
    R"("qi":")"
    "IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0"
    "EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReO"
    "go1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U"
    R"("})";
// clang-format on

// As many bytes as asked for, up to 64, made of `seed`.
SecretBytes DeriveBytes(absl::string_view seed, size_t size) {
  const Digest digest(EVP_sha512(), seed);
  return SecretBytes(digest.bytes().subspan(0, size));
}

PrivateMaterial RsaMaterial() {
  static const SigningKey& key = *new SigningKey(*ParsePrivateJwk(
      JsonDocument::ParseObject(kRsaJwk)->object(), {Algorithm::kRs256}));
  return bssl::UpRef(std::get<bssl::UniquePtr<RSA>>(key.material()));
}

PrivateMaterial EcMaterial(Algorithm algorithm, absl::string_view seed) {
  const bssl::UniquePtr<EC_GROUP> group(
      EC_GROUP_new_by_curve_name(CurveOf(algorithm).nid));
  const absl::Span<const uint8_t> bytes = AsBytes(seed);
  return bssl::UniquePtr<EC_KEY>(
      EC_KEY_derive_from_secret(group.get(), bytes.data(), bytes.size()));
}

PrivateMaterial MakeMaterial(Algorithm algorithm, absl::string_view seed) {
  switch (FamilyOf(algorithm)) {
    case AlgorithmFamily::kHmac:
      return DeriveBytes(seed, 64);
    case AlgorithmFamily::kRsaPkcs1:
    case AlgorithmFamily::kRsaPss:
      return RsaMaterial();
    case AlgorithmFamily::kEcdsa:
      return EcMaterial(algorithm, seed);
    case AlgorithmFamily::kEd25519:
      return Ed25519PrivateKey{DeriveBytes(seed, 32)};
  }
  __builtin_unreachable();
}

std::string KeyIdFor(Algorithm algorithm) {
  return absl::StrCat(AlgorithmName(algorithm), "-key");
}

}  // namespace

SigningKey MakeTestKey(Algorithm algorithm, absl::string_view key_id,
                       absl::string_view seed) {
  return *SigningKey::Create(algorithm, key_id, MakeMaterial(algorithm, seed),
                             KeyLimits{});
}

VerificationKey CopyPublicKey(const VerificationKey& key) {
  struct Copy {
    PublicMaterial operator()(const SecretBytes& secret) const {
      return secret.Copy();
    }
    PublicMaterial operator()(const bssl::UniquePtr<RSA>& rsa) const {
      return bssl::UpRef(rsa);
    }
    PublicMaterial operator()(const bssl::UniquePtr<EC_KEY>& ec) const {
      return bssl::UpRef(ec);
    }
    PublicMaterial operator()(const Ed25519PublicKey& point) const {
      return point;
    }
  };
  return *VerificationKey::Create(key.algorithm(), key.key_id(),
                                  std::visit(Copy{}, key.material()),
                                  KeyLimits{/*max_rsa_bits=*/8192});
}

std::string SignCompact(const SigningKey& key, absl::string_view header,
                        absl::string_view payload) {
  const std::string input =
      absl::StrCat(Base64UrlEncode(header), ".", Base64UrlEncode(payload));
  return absl::StrCat(input, ".", Base64UrlEncode(*key.Sign(input)));
}

TestIssuer::TestIssuer(absl::string_view name) : name_(name) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    keys_.push_back(MakeTestKey(algorithm, KeyIdFor(algorithm),
                                absl::StrCat(name, AlgorithmName(algorithm))));
  }
}

const SigningKey& TestIssuer::key(Algorithm algorithm) const {
  return keys_[static_cast<size_t>(algorithm)];
}

std::string TestIssuer::Mint(Algorithm algorithm,
                             absl::string_view claims) const {
  JsonObjectWriter header;
  header.AddString("alg", AlgorithmName(algorithm));
  header.AddString("kid", key(algorithm).key_id());
  return MintWithHeader(algorithm, std::move(header).Finish(), claims);
}

std::string TestIssuer::MintWithHeader(Algorithm algorithm,
                                       absl::string_view header,
                                       absl::string_view claims) const {
  return SignCompact(key(algorithm), header, claims);
}

KeySet TestIssuer::Keys() const {
  std::vector<VerificationKey> keys;
  for (const SigningKey& key : keys_) {
    keys.push_back(CopyPublicKey(key.verification_key()));
  }
  return *KeySet::Create(std::move(keys));
}

std::shared_ptr<const KeyCache> Trust(
    const std::vector<const TestIssuer*>& issuers) {
  auto keys = std::make_shared<KeyCache>();
  for (const TestIssuer* issuer : issuers) {
    keys->ReplaceIssuer(issuer->name(), issuer->Keys());
  }
  return keys;
}

}  // namespace signet
