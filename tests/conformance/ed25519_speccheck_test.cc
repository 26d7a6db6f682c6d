// ed25519-speccheck ("Taming the many EdDSAs", Chalkias et al.): signatures on
// which implementations of Ed25519 disagree.

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "keys/digest.h"
#include "keys/key_material.h"
#include "keys/verification_key.h"
#include "tests/conformance/test_vectors.h"
#include "tests/prepared_keys.h"

namespace signet {
namespace {

class Ed25519Speccheck : public ConformanceTest {};

struct Case {
  // Why the key is refused; empty if it is accepted.
  const char* key_problem;
  bool verifies;
  absl::string_view what;
};

constexpr char kLowOrder[] = "Ed25519 key is a point of low order";

// The equation is RFC 8032's without cofactor, compared as bytes: what
// BoringSSL does, and so what every path of ours must do.
constexpr Case kCases[] = {
    {kLowOrder, false, "S = 0, low-order A and R"},
    {kLowOrder, false, "0 < S < L, low-order A"},
    {"", true, "low-order R, mixed-order A"},
    {"", true, "mixed-order A and R, both equations hold"},
    {"", false, "mixed-order A and R, only the equation with cofactor holds"},
    {"", false, "only the equation with cofactor holds, if 8h is not reduced"},
    {"", false, "S > L"},
    {"", false, "S >> L"},
    {"", false, "R not canonical, reduced before it is hashed"},
    {"", false, "R not canonical, hashed as it is"},
    // The point of order 2, with the sign of an x that is zero.
    {kLowOrder, false, "A not canonical, reduced before it is hashed"},
    {kLowOrder, false, "A not canonical, hashed as it is"},
};

TEST_F(Ed25519Speccheck, DecidesEachCaseAsPinnedHere) {
  const absl::StatusOr<JsonDocument> document =
      JsonDocument::Parse(ReadVector("ed25519_speccheck/cases.json"));
  ASSERT_TRUE(document.ok()) << document.status();
  const JsonArray cases = AsArray(document->root()).value();
  ASSERT_EQ(cases.size(), std::size(kCases));
  size_t index = 0;
  for (const JsonValue value : cases) {
    const JsonObject test = *AsObject(value);
    const Case& c = kCases[index];
    const std::string where = absl::StrCat("case ", index++, ": ", c.what);
    ExpectKnownMembers(test, {"message", "pub_key", "signature"}, where);

    const std::string bytes =
        absl::HexStringToBytes(StringMember(test, "pub_key"));
    Ed25519PublicKey point;
    ASSERT_EQ(bytes.size(), point.bytes.size());
    std::copy(bytes.begin(), bytes.end(), point.bytes.begin());
    const auto key =
        VerificationKey::Create(Algorithm::kEdDsa, "", point, KeyLimits{});
    EXPECT_EQ(std::string(key.status().message()), c.key_problem) << where;
    if (!key.ok()) continue;
    EXPECT_EQ(VerifyEveryWay(
                  *key, absl::HexStringToBytes(StringMember(test, "message")),
                  absl::HexStringToBytes(StringMember(test, "signature"))),
              c.verifies)
        << where;
  }
  ReportCases("ed25519_speccheck", index,
              "2 accepted, 6 refused, 4 with a key that is refused");
}

}  // namespace
}  // namespace signet
