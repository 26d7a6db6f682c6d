#include "verifier/revocations.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "jose/claims_set.h"
#include "store/records.h"
#include "verifier/revocation_hash.h"

namespace signet {
namespace {

constexpr char kIssuer[] = "https://a.example";
const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);
const absl::Time kLater = kNow + absl::Hours(1);

using Found = std::optional<RevocationTarget>;

RevocationRecord TokenIdRecord(absl::string_view token_id,
                               absl::Time expires = kLater) {
  return {.target = RevocationTarget::kTokenId,
          .issuer = kIssuer,
          .value = std::string(token_id),
          .expires = expires};
}

RevocationRecord SubjectRecord(absl::Time issued_before,
                               absl::Time expires = kLater) {
  return {.target = RevocationTarget::kSubject,
          .issuer = kIssuer,
          .value = "alice",
          .issued_before = issued_before,
          .expires = expires};
}

RegisteredClaims Claims() {
  RegisteredClaims claims;
  claims.issuer = kIssuer;
  claims.subject = "alice";
  claims.jwt_id = "id";
  claims.issued_at = kNow;
  return claims;
}

RegisteredClaims ClaimsWithId(absl::string_view token_id) {
  RegisteredClaims claims = Claims();
  claims.jwt_id = token_id;
  return claims;
}

// What revokes a token of these claims, signed with the key "key".
Found FindIn(const Revocations& revocations, const RegisteredClaims& claims,
             absl::Time now = kNow) {
  return revocations.Find({"key", claims, "header.payload.signature"}, now);
}

TEST(RevocationsTest, RevokeNothingAtFirst) {
  const Revocations revocations;
  EXPECT_EQ(FindIn(revocations, Claims()), std::nullopt);
  EXPECT_EQ(revocations.entries(), 0);
}

TEST(RevocationsTest, RevokeByTokenId) {
  Revocations revocations;
  revocations.Apply(TokenIdRecord("id"));
  EXPECT_EQ(FindIn(revocations, Claims()), RevocationTarget::kTokenId);
  EXPECT_EQ(FindIn(revocations, ClaimsWithId("other")), std::nullopt);
  EXPECT_EQ(FindIn(revocations, ClaimsWithId("")), std::nullopt);
  RegisteredClaims of_another = Claims();
  of_another.issuer = "https://b.example";
  EXPECT_EQ(FindIn(revocations, of_another), std::nullopt);
  RegisteredClaims without = Claims();
  without.jwt_id.reset();
  EXPECT_EQ(FindIn(revocations, without), std::nullopt);
}

TEST(RevocationsTest, RevokeByContentWhatHasNoTokenId) {
  Revocations revocations;
  // Of "header.payload", in either case.
  for (const char* const digest :
       {"e3febc57f3bd48b48df14b271f9905ab2574222b615ae766aa9b606f383a4a93",
        "E3FEBC57F3BD48B48DF14B271F9905AB2574222B615AE766AA9B606F383A4A93"}) {
    revocations.Apply({.target = RevocationTarget::kContent,
                       .issuer = kIssuer,
                       .value = digest,
                       .expires = kLater});
    EXPECT_EQ(revocations.entries(), 1);
  }
  RegisteredClaims claims = Claims();
  EXPECT_EQ(FindIn(revocations, claims), std::nullopt);
  claims.jwt_id = "";
  EXPECT_EQ(FindIn(revocations, claims), RevocationTarget::kContent);
  claims.jwt_id.reset();
  EXPECT_EQ(FindIn(revocations, claims), RevocationTarget::kContent);
  EXPECT_EQ(revocations.Find({"key", claims, "header.payload.other"}, kNow),
            RevocationTarget::kContent);
  EXPECT_EQ(revocations.Find({"key", claims, "header.other.signature"}, kNow),
            std::nullopt);
}

TEST(RevocationsTest, RevokeByKey) {
  Revocations revocations;
  revocations.Apply({.target = RevocationTarget::kKey,
                     .issuer = kIssuer,
                     .value = "key",
                     .expires = absl::InfiniteFuture()});
  const RegisteredClaims claims = Claims();
  EXPECT_EQ(FindIn(revocations, claims), RevocationTarget::kKey);
  EXPECT_EQ(revocations.Find({"other", claims, "h.p.s"}, kNow), std::nullopt);
}

TEST(RevocationsTest, RevokeWhatASubjectWasIssuedBeforeAMoment) {
  Revocations revocations;
  const absl::Time moment = kNow + absl::Microseconds(1);
  revocations.Apply(SubjectRecord(moment));
  RegisteredClaims claims = Claims();
  EXPECT_EQ(FindIn(revocations, claims), RevocationTarget::kSubject);
  claims.issued_at = moment - absl::Nanoseconds(1);
  EXPECT_EQ(FindIn(revocations, claims), RevocationTarget::kSubject);
  claims.issued_at = moment;
  EXPECT_EQ(FindIn(revocations, claims), std::nullopt);
  claims.issued_at.reset();
  EXPECT_EQ(FindIn(revocations, claims), RevocationTarget::kSubject);
  claims.subject = "bob";
  EXPECT_EQ(FindIn(revocations, claims), std::nullopt);
  claims.subject.reset();
  EXPECT_EQ(FindIn(revocations, claims), std::nullopt);
}

TEST(RevocationsTest, RevokeWhatAnIssuerIssuedBeforeAMoment) {
  Revocations revocations;
  revocations.Apply({.target = RevocationTarget::kIssuer,
                     .issuer = kIssuer,
                     .issued_before = kNow,
                     .expires = kLater});
  RegisteredClaims claims = Claims();
  EXPECT_EQ(FindIn(revocations, claims), std::nullopt);
  claims.issued_at = kNow - absl::Nanoseconds(1);
  EXPECT_EQ(FindIn(revocations, claims), RevocationTarget::kIssuer);
  claims.issued_at.reset();
  EXPECT_EQ(FindIn(revocations, claims), RevocationTarget::kIssuer);
  claims.issuer = "https://b.example";
  EXPECT_EQ(FindIn(revocations, claims), std::nullopt);
}

TEST(RevocationsTest, KeepTheTargetsApart) {
  const RevocationTarget kOthers[] = {
      RevocationTarget::kContent, RevocationTarget::kSubject,
      RevocationTarget::kKey, RevocationTarget::kIssuer};
  Revocations revocations;
  for (const RevocationTarget target : kOthers) {
    revocations.Apply({.target = target,
                       .issuer = kIssuer,
                       .value = "id",
                       .expires = kLater});
  }
  RegisteredClaims claims = Claims();
  claims.issuer = absl::string_view(kIssuer).substr(1);
  EXPECT_EQ(FindIn(revocations, claims), std::nullopt);
  EXPECT_EQ(revocations.entries(), 4);
}

TEST(RevocationsTest, KnowWhereTheIssuerEnds) {
  Revocations revocations;
  RevocationRecord record = TokenIdRecord("bc");
  record.issuer = "a";
  revocations.Apply(record);
  RegisteredClaims claims = ClaimsWithId("c");
  claims.issuer = "ab";
  EXPECT_EQ(FindIn(revocations, claims), std::nullopt);
  claims.issuer = "abc";
  claims.jwt_id = "";
  EXPECT_EQ(FindIn(revocations, claims), std::nullopt);
  claims.issuer = "a";
  claims.jwt_id = "bc";
  EXPECT_EQ(FindIn(revocations, claims), RevocationTarget::kTokenId);
}

TEST(RevocationsTest, TellTokenIdsOfEveryLengthApart) {
  Revocations revocations;
  std::string id;
  std::vector<std::string> others;
  for (size_t size = 1; size < 400; ++size) {
    id += static_cast<char>('a' + size % 26);
    revocations.Apply(TokenIdRecord(id));
    others.push_back(id);
    others.back()[size / 2] = '!';
    others.push_back(id + std::string(1, '\0'));
  }
  for (size_t size = 1; size < 400; ++size) {
    EXPECT_EQ(FindIn(revocations, ClaimsWithId(id.substr(0, size))),
              RevocationTarget::kTokenId);
  }
  for (const std::string& other : others) {
    EXPECT_EQ(FindIn(revocations, ClaimsWithId(other)), std::nullopt);
  }
}

TEST(RevocationsTest, RevokeUntilTheyExpire) {
  Revocations revocations;
  revocations.Apply(TokenIdRecord("id", kNow));
  revocations.Apply(TokenIdRecord("forever", absl::InfiniteFuture()));
  revocations.Apply(TokenIdRecord("fraction", kNow + absl::Nanoseconds(1)));
  EXPECT_EQ(FindIn(revocations, Claims(), kNow - absl::Nanoseconds(1)),
            RevocationTarget::kTokenId);
  EXPECT_EQ(FindIn(revocations, Claims(), kNow), std::nullopt);
  EXPECT_EQ(FindIn(revocations, Claims(), kNow - absl::Seconds(1)),
            RevocationTarget::kTokenId);
  EXPECT_EQ(FindIn(revocations, ClaimsWithId("forever"),
                   kNow + absl::Hours(24 * 365 * 200)),
            RevocationTarget::kTokenId);
  // To the end of a second that has begun.
  EXPECT_EQ(FindIn(revocations, ClaimsWithId("fraction"), kNow),
            RevocationTarget::kTokenId);
  EXPECT_EQ(
      FindIn(revocations, ClaimsWithId("fraction"), kNow + absl::Seconds(1)),
      std::nullopt);
}

TEST(RevocationsTest, JoinToTheLaterExpiry) {
  for (const int first : {1, 2}) {
    Revocations revocations;
    revocations.Apply(TokenIdRecord("id", kNow + absl::Seconds(first)));
    revocations.Apply(TokenIdRecord("id", kNow + absl::Seconds(3 - first)));
    EXPECT_EQ(revocations.entries(), 1);
    EXPECT_EQ(FindIn(revocations, Claims(), kNow + absl::Seconds(1)),
              RevocationTarget::kTokenId);
    EXPECT_EQ(FindIn(revocations, Claims(), kNow + absl::Seconds(2)),
              std::nullopt);
  }
}

TEST(RevocationsTest, JoinToTheLaterMomentAndTheLaterExpiry) {
  const RevocationRecord records[] = {
      SubjectRecord(kNow + absl::Seconds(1), kLater),
      SubjectRecord(kNow, kLater + absl::Hours(1))};
  for (const size_t first : {0, 1}) {
    Revocations revocations;
    revocations.Apply(records[first]);
    revocations.Apply(records[1 - first]);
    EXPECT_EQ(revocations.entries(), 1);
    EXPECT_EQ(FindIn(revocations, Claims(), kLater + absl::Minutes(59)),
              RevocationTarget::kSubject);
    EXPECT_EQ(FindIn(revocations, Claims(), kLater + absl::Hours(1)),
              std::nullopt);
  }
}

TEST(RevocationsTest, AreIdempotent) {
  Revocations revocations;
  for (int i = 0; i < 3; ++i) {
    for (int id = 0; id < 1'000; ++id) {
      revocations.Apply(TokenIdRecord(absl::StrCat(id)));
    }
    EXPECT_EQ(revocations.entries(), 1'000);
  }
}

TEST(RevocationsTest, FindAllOfManyAndNoOthers) {
  constexpr int kMany = 200'000;
  Revocations revocations;
  for (int id = 0; id < kMany; ++id) {
    revocations.Apply(TokenIdRecord(absl::StrCat(id)));
    const size_t entries = static_cast<size_t>(id) + 1;
    if (entries < 4'000) continue;
    ASSERT_LE(revocations.bytes(), 32 * entries);
  }
  EXPECT_EQ(revocations.entries(), kMany);
  for (int id = 0; id < kMany; ++id) {
    ASSERT_EQ(FindIn(revocations, ClaimsWithId(absl::StrCat(id))),
              RevocationTarget::kTokenId);
    ASSERT_EQ(FindIn(revocations, ClaimsWithId(absl::StrCat(-1 - id))),
              std::nullopt);
  }
}

TEST(RevocationsTest, DropWhatExpiredTwoHoursAgo) {
  Revocations revocations;
  const size_t bytes = revocations.bytes();
  for (int id = 0; id < 10'000; ++id) {
    revocations.Apply(
        TokenIdRecord(absl::StrCat(id), kNow + absl::Hours(id % 2)));
    revocations.Apply(SubjectRecord(kNow, kNow + absl::Hours(1)));
  }
  const size_t full_bytes = revocations.bytes();
  revocations.DropExpired(kNow + absl::Hours(2) - absl::Seconds(1));
  EXPECT_EQ(revocations.entries(), 10'001);
  revocations.DropExpired(kNow + absl::Hours(2));
  EXPECT_EQ(revocations.entries(), 5'001);
  EXPECT_LT(revocations.bytes(), full_bytes * 2 / 3);
  EXPECT_EQ(FindIn(revocations, ClaimsWithId("0"), kNow - absl::Hours(1)),
            std::nullopt);
  EXPECT_EQ(FindIn(revocations, ClaimsWithId("1")), RevocationTarget::kTokenId);
  revocations.DropExpired(kNow + absl::Hours(3));
  EXPECT_EQ(revocations.entries(), 0);
  EXPECT_EQ(revocations.bytes(), bytes);
  revocations.Apply(TokenIdRecord("1"));
  EXPECT_EQ(FindIn(revocations, ClaimsWithId("1")), RevocationTarget::kTokenId);
}

// A hash of which all texts have the same half.
RevocationHash HashWithoutHalf(size_t half) {
  RevocationHash::Key key;
  for (size_t i = 0; i < key[0].size(); ++i) {
    for (RevocationHash::HalfKey& each : key) {
      const uint64_t high = i * 0x9e3779b97f4a7c15 + 1;
      const uint64_t low = i * 0xbf58476d1ce4e5b9;
      each[i] = RevocationHash::Uint128{high} << 64 | low;
    }
  }
  key[half].fill(0);
  return RevocationHash(key);
}

TEST(RevocationsTest, TellTokensApartWhoseFingerprintsMeetInOneHalf) {
  for (const size_t half : {0, 1}) {
    Revocations revocations(HashWithoutHalf(half));
    for (int id = 0; id < 500; ++id) {
      revocations.Apply(TokenIdRecord(absl::StrCat(id)));
    }
    EXPECT_EQ(revocations.entries(), 500);
    for (int id = 0; id < 500; ++id) {
      EXPECT_EQ(FindIn(revocations, ClaimsWithId(absl::StrCat(id))),
                RevocationTarget::kTokenId);
      EXPECT_EQ(FindIn(revocations, ClaimsWithId(absl::StrCat(-1 - id))),
                std::nullopt);
    }
  }
}

TEST(RevocationsTest, HaveFingerprintsThatNoOtherProcessKnows) {
  const RevocationFingerprint one = RevocationHash().Fingerprint("i", "v");
  const RevocationFingerprint other = RevocationHash().Fingerprint("i", "v");
  EXPECT_NE(one.first, other.first);
  EXPECT_NE(one.second, other.second);
}

}  // namespace
}  // namespace signet
