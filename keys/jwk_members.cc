#include "keys/jwk_members.h"

#include <variant>

#include "jose/base64url.h"
#include "jose/json_writer.h"
#include "keys/digest.h"
#include "openssl/bn.h"
#include "openssl/ec.h"

namespace signet {
namespace {

// Base64urlUInt (RFC 7518 section 2): big-endian, without leading zeros.
std::string EncodeInteger(const BIGNUM* value) {
  std::string bytes(BN_num_bytes(value), '\0');
  BN_bn2bin(value, reinterpret_cast<uint8_t*>(bytes.data()));
  return Base64UrlEncode(bytes);
}

// A coordinate or scalar of a curve, in its full length.
std::string EncodePadded(const BIGNUM* value, size_t size) {
  std::string bytes(size, '\0');
  BN_bn2bin_padded(reinterpret_cast<uint8_t*>(bytes.data()), size, value);
  return Base64UrlEncode(bytes);
}

const NistCurve& CurveOf(const EC_KEY& key) {
  const int nid = EC_GROUP_get_curve_name(EC_KEY_get0_group(&key));
  for (const NistCurve& curve : kNistCurves) {
    if (curve.nid == nid) return curve;
  }
  __builtin_unreachable();
}

struct RequiredMembersOf {
  JwkMembers operator()(const SecretBytes& secret) const {
    return {{"k", Base64UrlEncode(AsText(secret.bytes()))}, {"kty", "oct"}};
  }
  JwkMembers operator()(const bssl::UniquePtr<RSA>& rsa) const {
    return {{"e", EncodeInteger(RSA_get0_e(rsa.get()))},
            {"kty", "RSA"},
            {"n", EncodeInteger(RSA_get0_n(rsa.get()))}};
  }
  JwkMembers operator()(const bssl::UniquePtr<EC_KEY>& key) const {
    const NistCurve& curve = CurveOf(*key);
    const bssl::UniquePtr<BIGNUM> x(BN_new());
    const bssl::UniquePtr<BIGNUM> y(BN_new());
    EC_POINT_get_affine_coordinates_GFp(EC_KEY_get0_group(key.get()),
                                        EC_KEY_get0_public_key(key.get()),
                                        x.get(), y.get(), nullptr);
    return {{"crv", std::string(curve.jwk_name)},
            {"kty", "EC"},
            {"x", EncodePadded(x.get(), curve.bytes)},
            {"y", EncodePadded(y.get(), curve.bytes)}};
  }
  JwkMembers operator()(const Ed25519PublicKey& key) const {
    return {{"crv", "Ed25519"},
            {"kty", "OKP"},
            {"x", Base64UrlEncode(AsText(key.bytes))}};
  }
};

struct PrivateMembersOf {
  JwkMembers operator()(const SecretBytes&) const { return {}; }
  JwkMembers operator()(const bssl::UniquePtr<RSA>& rsa) const {
    return {{"d", EncodeInteger(RSA_get0_d(rsa.get()))},
            {"p", EncodeInteger(RSA_get0_p(rsa.get()))},
            {"q", EncodeInteger(RSA_get0_q(rsa.get()))},
            {"dp", EncodeInteger(RSA_get0_dmp1(rsa.get()))},
            {"dq", EncodeInteger(RSA_get0_dmq1(rsa.get()))},
            {"qi", EncodeInteger(RSA_get0_iqmp(rsa.get()))}};
  }
  JwkMembers operator()(const bssl::UniquePtr<EC_KEY>& key) const {
    return {{"d", EncodePadded(EC_KEY_get0_private_key(key.get()),
                               CurveOf(*key).bytes)}};
  }
  JwkMembers operator()(const Ed25519PrivateKey& key) const {
    return {{"d", Base64UrlEncode(AsText(key.seed.bytes()))}};
  }
};

}  // namespace

JwkMembers RequiredMembers(const PublicMaterial& material) {
  return std::visit(RequiredMembersOf{}, material);
}

JwkMembers PrivateMembers(const PrivateMaterial& material) {
  return std::visit(PrivateMembersOf{}, material);
}

std::string JwkThumbprint(const PublicMaterial& material) {
  JsonObjectWriter writer;
  for (const auto& [name, value] : RequiredMembers(material)) {
    writer.AddString(name, value);
  }
  const Digest digest(EVP_sha256(), std::move(writer).Finish());
  return Base64UrlEncode(AsText(digest.bytes()));
}

}  // namespace signet
