// Readers ask about tokens while writers revoke and drop as fast as they can.

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "jose/claims_set.h"
#include "store/records.h"
#include "tests/run_at_once.h"
#include "verifier/revocations.h"

namespace signet {
namespace {

constexpr absl::Duration kDuration = absl::Seconds(2);
constexpr char kIssuer[] = "https://a.example";
const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);

void Revoke(Revocations& revocations, RevocationTarget target, uint64_t number,
            absl::Time expires) {
  revocations.Apply({.target = target,
                     .issuer = kIssuer,
                     .value = absl::StrCat(number),
                     .expires = expires});
}

bool IsRevoked(const Revocations& revocations, uint64_t token_id,
               uint64_t subject) {
  const std::string id = absl::StrCat(token_id);
  const std::string name = absl::StrCat(subject);
  RegisteredClaims claims;
  claims.issuer = kIssuer;
  claims.jwt_id = id;
  claims.subject = name;
  revocations.Prefetch(claims);
  return revocations.Find({"key", claims, "h.p.s"}, kNow).has_value();
}

constexpr uint64_t kNobody = uint64_t{1} << 40;

TEST(RevocationsStressTest, LookUpsFindWhatWasRevokedBeforeTheyBegan) {
  Revocations revocations;
  std::atomic<uint64_t> token_ids{0};
  std::atomic<uint64_t> subjects{0};
  const auto read = [&](uint64_t i) {
    const uint64_t number = i * 0x9e3779b97f4a7c15 >> 1;
    if (const uint64_t revoked = token_ids) {
      EXPECT_TRUE(IsRevoked(revocations, revoked - 1, kNobody));
      EXPECT_TRUE(IsRevoked(revocations, number % revoked, kNobody));
    }
    if (const uint64_t revoked = subjects) {
      EXPECT_TRUE(IsRevoked(revocations, kNobody, number % revoked));
    }
    EXPECT_FALSE(IsRevoked(revocations, kNobody + i, kNobody + i));
  };
  RunAtOnce(
      kDuration, read, read,
      [&](uint64_t i) {
        Revoke(revocations, RevocationTarget::kTokenId, i,
               kNow + absl::Hours(1));
        token_ids = i + 1;
      },
      [&](uint64_t i) {
        Revoke(revocations, RevocationTarget::kSubject, i,
               kNow + absl::Hours(1));
        subjects = i + 1;
      });
  EXPECT_EQ(revocations.entries(), token_ids + subjects);
}

TEST(RevocationsStressTest, WhatStandsIsFoundWhileOthersAreDropped) {
  constexpr uint64_t kStanding = 1'000;
  Revocations revocations;
  for (uint64_t i = 0; i < kStanding; ++i) {
    Revoke(revocations, RevocationTarget::kTokenId, i, absl::InfiniteFuture());
  }
  const auto read = [&](uint64_t i) {
    EXPECT_TRUE(IsRevoked(revocations, i % kStanding, kNobody));
    EXPECT_FALSE(IsRevoked(revocations, kStanding + i, kNobody));
  };
  RunAtOnce(
      kDuration, read, read,
      [&](uint64_t i) {
        // Long expired.
        Revoke(revocations, RevocationTarget::kTokenId, kStanding + i,
               kNow - absl::Hours(3));
        Revoke(revocations, RevocationTarget::kSubject, i,
               kNow - absl::Hours(3));
      },
      [&](uint64_t) { revocations.DropExpired(kNow); });
  revocations.DropExpired(kNow);
  // Less than an eighth is not worth dropping.
  EXPECT_LT(revocations.entries(), kStanding + kStanding / 4);
}

TEST(RevocationsStressTest, WritersLoseNothingToEachOther) {
  Revocations revocations;
  std::array<std::atomic<uint64_t>, 3> added{};
  const auto write_as = [&](uint64_t writer) {
    return [&revocations, &added, writer](uint64_t i) {
      Revoke(revocations, RevocationTarget::kTokenId, 3 * i + writer,
             kNow + absl::Hours(1));
      added[writer] = i + 1;
    };
  };
  RunAtOnce(kDuration, write_as(0), write_as(1), write_as(2));
  EXPECT_EQ(revocations.entries(), added[0] + added[1] + added[2]);
  for (uint64_t writer = 0; writer < 3; ++writer) {
    for (uint64_t i = 0; i < added[writer]; ++i) {
      ASSERT_TRUE(IsRevoked(revocations, 3 * i + writer, kNobody));
    }
  }
}

}  // namespace
}  // namespace signet
