#include "keys/jwk_material.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "curves/error_queue.h"
#include "jose/base64url.h"
#include "keys/digest.h"
#include "openssl/bn.h"
#include "openssl/mem.h"

namespace signet {
namespace {

// Returns a view into the document: a copy of a secret would not be wiped.
absl::StatusOr<absl::string_view> ReadString(JsonObject jwk,
                                             absl::string_view name) {
  const std::optional<JsonValue> member = FindMember(jwk, name);
  if (!member) {
    return absl::InvalidArgumentError(absl::StrCat("the key has no ", name));
  }
  const std::optional<absl::string_view> text = AsString(*member);
  if (!text) {
    return absl::InvalidArgumentError(absl::StrCat(name, " is not a string"));
  }
  return *text;
}

absl::StatusOr<SecretBytes> ReadBytes(JsonObject jwk, absl::string_view name) {
  const absl::StatusOr<absl::string_view> text = ReadString(jwk, name);
  if (!text.ok()) return text.status();
  std::optional<std::string> bytes = Base64UrlDecode(*text);
  if (!bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " is not base64url without padding"));
  }
  SecretBytes secret(AsBytes(*bytes));
  OPENSSL_cleanse(bytes->data(), bytes->size());
  return secret;
}

absl::StatusOr<SecretBytes> ReadBytesOfSize(JsonObject jwk,
                                            absl::string_view name,
                                            size_t size) {
  absl::StatusOr<SecretBytes> bytes = ReadBytes(jwk, name);
  if (bytes.ok() && bytes->size() != size) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " has ", bytes->size(), " bytes instead of ", size));
  }
  return bytes;
}

// Base64urlUInt (RFC 7518 section 2).
absl::StatusOr<bssl::UniquePtr<BIGNUM>> ReadInteger(JsonObject jwk,
                                                    absl::string_view name) {
  const absl::StatusOr<SecretBytes> bytes = ReadBytes(jwk, name);
  if (!bytes.ok()) return bytes.status();
  if (bytes->size() == 0 || bytes->bytes()[0] == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " is empty or starts with a zero byte"));
  }
  return bssl::UniquePtr<BIGNUM>(
      BN_bin2bn(bytes->bytes().data(), bytes->size(), nullptr));
}

absl::Status RefusePrivateMembers(JsonObject jwk) {
  for (const absl::string_view name :
       {"d", "p", "q", "dp", "dq", "qi", "oth"}) {
    if (FindMember(jwk, name)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the key is private (it has ", name,
          "), where a public one is expected; export its public half"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bssl::UniquePtr<RSA>> ReadRsaPublic(JsonObject jwk) {
  absl::StatusOr<bssl::UniquePtr<BIGNUM>> n = ReadInteger(jwk, "n");
  if (!n.ok()) return n.status();
  absl::StatusOr<bssl::UniquePtr<BIGNUM>> e = ReadInteger(jwk, "e");
  if (!e.ok()) return e.status();
  bssl::UniquePtr<RSA> rsa(RSA_new());
  if (RSA_set0_key(rsa.get(), n->release(), e->release(), nullptr) != 1) {
    return absl::InvalidArgumentError("n and e are not an RSA key");
  }
  return rsa;
}

absl::StatusOr<bssl::UniquePtr<RSA>> ReadRsaPrivate(JsonObject jwk) {
  if (FindMember(jwk, "oth")) {
    return absl::InvalidArgumentError("RSA keys of three primes are refused");
  }
  absl::StatusOr<bssl::UniquePtr<RSA>> rsa = ReadRsaPublic(jwk);
  if (!rsa.ok()) return rsa.status();
  constexpr std::array<absl::string_view, 6> kNames = {"d",  "p",  "q",
                                                       "dp", "dq", "qi"};
  std::array<bssl::UniquePtr<BIGNUM>, 6> values;
  for (size_t i = 0; i < kNames.size(); ++i) {
    absl::StatusOr<bssl::UniquePtr<BIGNUM>> value = ReadInteger(jwk, kNames[i]);
    if (!value.ok()) return value.status();
    values[i] = *std::move(value);
  }
  auto& [d, p, q, dp, dq, qi] = values;
  if (RSA_set0_key(rsa->get(), nullptr, nullptr, d.release()) != 1 ||
      RSA_set0_factors(rsa->get(), p.release(), q.release()) != 1 ||
      RSA_set0_crt_params(rsa->get(), dp.release(), dq.release(),
                          qi.release()) != 1) {
    return absl::InvalidArgumentError("the members are not an RSA key");
  }
  return rsa;
}

absl::StatusOr<const NistCurve*> ReadCurve(JsonObject jwk) {
  const absl::StatusOr<absl::string_view> name = ReadString(jwk, "crv");
  if (!name.ok()) return name.status();
  for (const NistCurve& curve : kNistCurves) {
    if (curve.jwk_name == *name) return &curve;
  }
  return absl::InvalidArgumentError("crv is not P-256, P-384 or P-521");
}

absl::StatusOr<bssl::UniquePtr<EC_KEY>> ReadEcPublic(JsonObject jwk) {
  const ErrorQueueCleaner cleaner;
  const absl::StatusOr<const NistCurve*> curve = ReadCurve(jwk);
  if (!curve.ok()) return curve.status();
  const size_t size = (*curve)->bytes;
  const absl::StatusOr<SecretBytes> x = ReadBytesOfSize(jwk, "x", size);
  if (!x.ok()) return x.status();
  const absl::StatusOr<SecretBytes> y = ReadBytesOfSize(jwk, "y", size);
  if (!y.ok()) return y.status();
  const std::string point =
      absl::StrCat("\x04", AsText(x->bytes()), AsText(y->bytes()));
  bssl::UniquePtr<EC_KEY> key(EC_KEY_new_by_curve_name((*curve)->nid));
  if (EC_KEY_oct2key(key.get(), AsBytes(point).data(), point.size(), nullptr) !=
      1) {
    return absl::InvalidArgumentError("x and y are not a point on the curve");
  }
  return key;
}

absl::StatusOr<bssl::UniquePtr<EC_KEY>> ReadEcPrivate(JsonObject jwk) {
  const ErrorQueueCleaner cleaner;
  absl::StatusOr<bssl::UniquePtr<EC_KEY>> key = ReadEcPublic(jwk);
  if (!key.ok()) return key.status();
  const absl::StatusOr<const NistCurve*> curve = ReadCurve(jwk);
  const absl::StatusOr<SecretBytes> d =
      ReadBytesOfSize(jwk, "d", (*curve)->bytes);
  if (!d.ok()) return d.status();
  if (EC_KEY_oct2priv(key->get(), d->bytes().data(), d->size()) != 1) {
    return absl::InvalidArgumentError("d is not a scalar of the curve");
  }
  return key;
}

absl::StatusOr<Ed25519PublicKey> ReadEd25519Public(JsonObject jwk) {
  const absl::StatusOr<absl::string_view> curve = ReadString(jwk, "crv");
  if (!curve.ok()) return curve.status();
  if (*curve != "Ed25519") {
    return absl::InvalidArgumentError("crv is not Ed25519");
  }
  Ed25519PublicKey key;
  const absl::StatusOr<SecretBytes> x =
      ReadBytesOfSize(jwk, "x", key.bytes.size());
  if (!x.ok()) return x.status();
  std::copy(x->bytes().begin(), x->bytes().end(), key.bytes.begin());
  return key;
}

absl::StatusOr<Ed25519PrivateKey> ReadEd25519Private(JsonObject jwk) {
  const absl::StatusOr<Ed25519PublicKey> public_key = ReadEd25519Public(jwk);
  if (!public_key.ok()) return public_key.status();
  absl::StatusOr<SecretBytes> d = ReadBytesOfSize(jwk, "d", 32);
  if (!d.ok()) return d.status();
  Ed25519PrivateKey key{*std::move(d)};
  if (key.PublicKey().bytes != public_key->bytes) {
    return absl::InvalidArgumentError("d and x do not belong together");
  }
  return key;
}

// Lifts the result of reading one type of key into the variant of all.
template <typename Material, typename T>
absl::StatusOr<Material> As(absl::StatusOr<T> key) {
  if (!key.ok()) return key.status();
  return Material(*std::move(key));
}

absl::Status UnknownKeyType() {
  return absl::InvalidArgumentError("kty is not RSA, EC, OKP or oct");
}

}  // namespace

absl::StatusOr<PublicMaterial> ReadPublicMaterial(JsonObject jwk) {
  const absl::StatusOr<absl::string_view> type = ReadString(jwk, "kty");
  if (!type.ok()) return type.status();
  if (*type == "oct") return As<PublicMaterial>(ReadBytes(jwk, "k"));
  const absl::Status is_public = RefusePrivateMembers(jwk);
  if (!is_public.ok()) return is_public;
  if (*type == "RSA") return As<PublicMaterial>(ReadRsaPublic(jwk));
  if (*type == "EC") return As<PublicMaterial>(ReadEcPublic(jwk));
  if (*type == "OKP") return As<PublicMaterial>(ReadEd25519Public(jwk));
  return UnknownKeyType();
}

absl::StatusOr<PrivateMaterial> ReadPrivateMaterial(JsonObject jwk) {
  const absl::StatusOr<absl::string_view> type = ReadString(jwk, "kty");
  if (!type.ok()) return type.status();
  if (*type == "oct") return As<PrivateMaterial>(ReadBytes(jwk, "k"));
  if (*type == "RSA") return As<PrivateMaterial>(ReadRsaPrivate(jwk));
  if (*type == "EC") return As<PrivateMaterial>(ReadEcPrivate(jwk));
  if (*type == "OKP") return As<PrivateMaterial>(ReadEd25519Private(jwk));
  return UnknownKeyType();
}

}  // namespace signet
