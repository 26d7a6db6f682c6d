// Wycheproof's JSON Web Signatures and JSON Web Keys, checked as JwtVerifier
// does: the key is found by its id and decides the algorithm.

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "jose/compact_jws.h"
#include "keys/jwk_set.h"
#include "keys/key_set.h"
#include "tests/conformance/test_vectors.h"
#include "tests/conformance/wycheproof.h"
#include "tests/prepared_keys.h"

namespace signet {
namespace {

class WycheproofJws : public ConformanceTest {};

// How a case came out: at which step it was refused, if it was.
enum class Verdict { kAccepted, kKey, kFormat, kKeyId, kAlgorithm, kSignature };

absl::StatusOr<KeySet> ReadKeys(absl::string_view json) {
  absl::StatusOr<std::vector<VerificationKey>> keys =
      ParsePublicJwkSet(json, JwkOptions{});
  if (!keys.ok()) return keys.status();
  return KeySet::Create(*std::move(keys));
}

Verdict Judge(absl::string_view keys_json, absl::string_view compact) {
  const absl::StatusOr<KeySet> keys = ReadKeys(keys_json);
  if (!keys.ok()) return Verdict::kKey;
  const RejectionOr<CompactJws> jws = CompactJws::Parse(compact);
  if (!jws.ok()) return Verdict::kFormat;
  const VerificationKey* key = jws->header().key_id
                                   ? keys->FindById(*jws->header().key_id)
                                   : keys->FindOnly(jws->header().algorithm);
  if (key == nullptr) return Verdict::kKeyId;
  if (key->algorithm() != jws->header().algorithm) return Verdict::kAlgorithm;
  return VerifyEveryWay(*key, jws->signing_input(), jws->signature())
             ? Verdict::kAccepted
             : Verdict::kSignature;
}

// The public keys of a group, or its secrets if it has only those.
std::string KeysOf(JsonObject group) {
  const auto keys = FindMember(group, "public");
  return ToJson(keys ? *keys : FindMember(group, "private").value());
}

// The token of a case, which may be JSON instead of compact.
std::string TokenOf(JsonObject test) {
  const JsonValue jws = FindMember(test, "jws").value();
  return AsObject(jws) ? ToJson(jws) : StringMember(test, "jws");
}

struct KnownFault {
  Verdict verdict;
  absl::string_view reason;
};

// Cases whose expected result is wrong, for a reader as strict as RFC 7515.
const std::map<int64_t, KnownFault>& KnownFaults() {
  static const auto& faults = *new std::map<int64_t, KnownFault>{
      {346, {Verdict::kAlgorithm, "the key is for PS256, the header is PS384"}},
      {347, {Verdict::kKey, "the key is for \"ES521\", which does not exist"}},
      {350, {Verdict::kAlgorithm, "the key is for PS256, the header is PS384"}},
      {351, {Verdict::kKey, "the key is for \"ES521\", which does not exist"}},
      {367, {Verdict::kAccepted, "the same bytes as tc357, which is valid"}},
      {370, {Verdict::kAccepted, "the same bytes as tc357, which is valid"}},
      {372, {Verdict::kFormat, "valid, but with a '?' in the header"}},
      {373, {Verdict::kFormat, "valid, but with a '?' in the payload"}},
  };
  return faults;
}

using Tally = std::map<Verdict, int>;

std::string Describe(const Tally& tally) {
  const auto count = [&](Verdict verdict) {
    const auto found = tally.find(verdict);
    return found == tally.end() ? 0 : found->second;
  };
  return absl::StrFormat(
      "%d accepted; refused: %d for the key itself, %d for the format, %d for "
      "the kid, %d for the algorithm, %d for the signature",
      count(Verdict::kAccepted), count(Verdict::kKey), count(Verdict::kFormat),
      count(Verdict::kKeyId), count(Verdict::kAlgorithm),
      count(Verdict::kSignature));
}

const WycheproofFormat kFormat = {
    {"type", "source", "comment", "public", "private", "tests"},
    {"tcId", "comment", "jws", "jwe", "result", "flags"},
    {"JsonSerialization", "ModifiedPadding", "ModifiedSignature",
     "WrongPrimitive", "AlgIsNone", "MixedKeySet", "Ambiguous", "DuplicateKid",
     "JsonWebKeyset"}};

void ExpectResult(const WycheproofCase& c, Verdict verdict) {
  EXPECT_EQ(verdict == Verdict::kAccepted, c.expected == ExpectedResult::kValid)
      << c.where;
}

TEST_F(WycheproofJws, JudgesEverySignatureRightButForEightKnownFaults) {
  Tally tally;
  size_t faults = 0;
  const size_t count = RunWycheproof(
      "json_web_signature_test.json", kFormat, [&](const WycheproofCase& c) {
        const Verdict verdict = Judge(KeysOf(c.group), TokenOf(c.test));
        ++tally[verdict];
        const auto fault = KnownFaults().find(c.id);
        if (fault == KnownFaults().end()) {
          ExpectResult(c, verdict);
        } else {
          ++faults;
          EXPECT_EQ(verdict, fault->second.verdict)
              << c.where << ": " << fault->second.reason;
        }
      });
  EXPECT_EQ(count, 401U);
  EXPECT_EQ(faults, 8U);
  // Two faults; use or key_ops are not for signatures in four groups.
  EXPECT_EQ(tally[Verdict::kKey], 6);
  ReportCases("wycheproof/json_web_signature_test.json", count,
              absl::StrCat(faults, " known faults; ", Describe(tally)));
}

TEST_F(WycheproofJws, HasTwoFaultyCasesThatAreTheSameBytesAsAValidOne) {
  std::map<int64_t, std::string> tokens;
  RunWycheproof(
      "json_web_signature_test.json", kFormat,
      [&](const WycheproofCase& c) { tokens[c.id] = TokenOf(c.test); });
  EXPECT_EQ(tokens[367], tokens[357]);
  EXPECT_EQ(tokens[370], tokens[357]);
}

TEST_F(WycheproofJws, JudgesEveryKeyRight) {
  Tally tally;
  const size_t count = RunWycheproof(
      "json_web_key_test.json", kFormat, [&](const WycheproofCase& c) {
        const Verdict verdict = Judge(KeysOf(c.group), TokenOf(c.test));
        ++tally[verdict];
        ExpectResult(c, verdict);
      });
  EXPECT_EQ(count, 26U);
  EXPECT_EQ(tally[Verdict::kKey], 18);
  ReportCases("wycheproof/json_web_key_test.json", count, Describe(tally));
}

TEST_F(WycheproofJws, JudgesEverySignatureOfTheMixedFileRight) {
  Tally tally;
  size_t encrypted = 0;
  const size_t count = RunWycheproof(
      "json_web_crypto_test.json", kFormat, [&](const WycheproofCase& c) {
        if (FindMember(c.test, "jwe")) {
          ++encrypted;
          return;
        }
        const Verdict verdict = Judge(KeysOf(c.group), TokenOf(c.test));
        ++tally[verdict];
        ExpectResult(c, verdict);
      });
  EXPECT_EQ(count, 83U);
  EXPECT_EQ(encrypted, 34U);
  ReportCases("wycheproof/json_web_crypto_test.json", count - encrypted,
              absl::StrCat(encrypted, " are encrypted (JWE) and out of scope; ",
                           Describe(tally)));
}

}  // namespace
}  // namespace signet
