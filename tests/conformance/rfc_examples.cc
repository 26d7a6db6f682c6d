#include "tests/conformance/rfc_examples.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "jose/compact_jws.h"
#include "keys/jwk.h"
#include "keys/key_material.h"
#include "tests/conformance/test_vectors.h"
#include "verifier/signature.h"

namespace signet {
namespace {

std::optional<std::string> CompactForm(JsonObject signature,
                                       absl::string_view payload) {
  if (!FindMember(signature, "protected")) return std::nullopt;
  return absl::StrCat(StringMember(signature, "protected"), ".", payload, ".",
                      StringMember(signature, "signature"));
}

// Calls `flipped` with each variant of `bytes` that has one bit flipped, a
// different one in each byte.
template <typename Function>
void ForEachBitFlip(std::string bytes, Function flipped) {
  int bit = 0;
  for (char& byte : bytes) {
    const int mask = 1 << (bit++ % 8);
    byte = static_cast<char>(byte ^ mask);
    flipped(bytes);
    byte = static_cast<char>(byte ^ mask);
  }
}

}  // namespace

std::vector<std::optional<std::string>> CompactForms(
    JsonObject jws, absl::string_view detached) {
  const std::string payload = FindMember(jws, "payload")
                                  ? StringMember(jws, "payload")
                                  : std::string(detached);
  if (!FindMember(jws, "signatures")) {
    ExpectKnownMembers(jws, {"payload", "protected", "header", "signature"},
                       "flattened JWS");
    return {CompactForm(jws, payload)};
  }
  ExpectKnownMembers(jws, {"payload", "signatures"}, "JWS");
  std::vector<std::optional<std::string>> forms;
  for (const JsonValue signature : ArrayMember(jws, "signatures")) {
    ExpectKnownMembers(*AsObject(signature),
                       {"protected", "header", "signature"}, "signature");
    forms.push_back(CompactForm(*AsObject(signature), payload));
  }
  return forms;
}

void ExpectVerifies(const VerificationKey& key, absl::string_view compact,
                    absl::string_view where) {
  const RejectionOr<CompactJws> jws = CompactJws::Parse(compact);
  ASSERT_TRUE(jws.ok()) << where << ": " << jws.rejection().detail;
  EXPECT_EQ(jws->header().algorithm, key.algorithm()) << where;
  EXPECT_TRUE(VerifySignature(key, jws->signing_input(), jws->signature()))
      << where;
  ForEachBitFlip(std::string(jws->signature()), [&](const std::string& flipped) {
    EXPECT_FALSE(VerifySignature(key, jws->signing_input(), flipped)) << where;
  });
  const std::string input(jws->signing_input());
  for (const size_t place : {size_t{0}, input.size() / 2, input.size() - 1}) {
    std::string flipped = input;
    flipped[place] = static_cast<char>(flipped[place] ^ 1);
    EXPECT_FALSE(VerifySignature(key, flipped, jws->signature())) << where;
  }
}

std::optional<VerificationKey> ReadExampleKey(JsonObject jwk,
                                              Algorithm algorithm,
                                              absl::string_view where) {
  const JwkOptions options{algorithm};
  if (!FindMember(jwk, "d")) {
    absl::StatusOr<VerificationKey> key = ParsePublicJwk(jwk, options);
    EXPECT_TRUE(key.ok()) << where << ": " << key.status();
    if (!key.ok()) return std::nullopt;
    return *std::move(key);
  }
  const absl::StatusOr<SigningKey> whole = ParsePrivateJwk(jwk, options);
  EXPECT_TRUE(whole.ok()) << where << ": " << whole.status();
  if (!whole.ok()) return std::nullopt;
  return *VerificationKey::Create(whole->algorithm(), whole->key_id(),
                                  PublicHalf(whole->material()), KeyLimits{});
}

}  // namespace signet
