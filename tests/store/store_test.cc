// What every store promises (store/store.h), of each kind of store.

#include "store/store.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "jose/algorithm.h"
#include "store/records.h"
#include "tests/store/record_examples.h"
#include "tests/store/store_contents.h"
#include "tests/store/store_fixture.h"
#include "tests/store/store_places.h"

namespace signet {
namespace {

INSTANTIATE_TEST_SUITE_P(Stores, StoreTest, kEachStoreKind, NameOfKind);

TEST_P(StoreTest, IsEmptyAtFirst) {
  const StoreContents contents = ContentsOf(*store_);
  EXPECT_EQ(contents.mark.revision, 0);
  EXPECT_EQ(contents.mark.time, absl::ZeroDuration());
  EXPECT_TRUE(contents.issuers.empty());
  EXPECT_TRUE(contents.revocations.empty());
  EXPECT_TRUE(contents.jwk_sets.empty());
}

TEST_P(StoreTest, KeepsEveryFieldOfKeys) {
  constexpr std::array<KeyState, 5> kStates = {
      KeyState::kPending, KeyState::kActive, KeyState::kRetiring,
      KeyState::kRetired, KeyState::kRevoked};
  IssuerKeyRecords records = {.issuer = ManyBytes(), .revision = 1};
  for (const Algorithm algorithm : kAllAlgorithms) {
    const size_t number = records.keys.size();
    records.keys.push_back(
        {.key_id = absl::StrCat("key ", 100 + number, ManyBytes()),
         .algorithm = algorithm,
         .state = kStates[number % kStates.size()],
         .state_since = absl::Microseconds(1'234'567 + number),
         .created = absl::FromUnixMicros(1'700'000'000'123'456),
         .sealed_private_key = number % 2 == 0 ? ManyBytes() : ""});
  }
  ASSERT_EQ(store_->Commit(Keys(records.issuer, 0, records.keys)).value(), 1);
  const StoreContents contents = ContentsOf(*store_);
  ASSERT_EQ(contents.issuers.size(), 1);
  EXPECT_EQ(contents.issuers.at(records.issuer), records);
}

TEST_P(StoreTest, KeepsEveryFieldOfRevocations) {
  constexpr std::array<RevocationTarget, 5> kTargets = {
      RevocationTarget::kTokenId, RevocationTarget::kContent,
      RevocationTarget::kSubject, RevocationTarget::kKey,
      RevocationTarget::kIssuer};
  StoreChange change;
  for (const RevocationTarget target : kTargets) {
    change.revocations.push_back(
        {.target = target,
         .issuer = ManyBytes(),
         .value = target == RevocationTarget::kIssuer ? "" : ManyBytes(),
         .issued_before = absl::FromUnixMicros(1'700'000'000'123'456),
         .expires = absl::FromUnixSeconds(253'402'300'799)});
    change.revocations.push_back({.target = target,
                                  .issuer = kIssuer,
                                  .value = "forever",
                                  .expires = absl::InfiniteFuture()});
  }
  ASSERT_TRUE(store_->Commit(change).ok());
  const StoreContents contents = ContentsOf(*store_);
  ASSERT_EQ(contents.revocations.size(), change.revocations.size());
  for (const RevocationRecord& record : change.revocations) {
    EXPECT_EQ(
        contents.revocations.at({record.issuer, record.target, record.value}),
        record);
  }
}

TEST_P(StoreTest, ReplacesTheJwkSetOfAnIssuer) {
  JwkSetRecord record = ExampleJwkSet(ManyBytes());
  ASSERT_TRUE(store_->Commit({.jwk_sets = {record}}).ok());
  EXPECT_EQ(ContentsOf(*store_).jwk_sets.at(record.issuer), record);
  record.body = ManyBytes();
  record.url = "https://elsewhere.example";
  record.etag = "";
  record.last_modified = "";
  record.fetched += absl::Microseconds(1);
  ASSERT_TRUE(store_->Commit({.jwk_sets = {record}}).ok());
  const StoreContents contents = ContentsOf(*store_);
  EXPECT_EQ(contents.jwk_sets.size(), 1);
  EXPECT_EQ(contents.jwk_sets.at(record.issuer), record);
}

TEST_P(StoreTest, RoundsFinerTimesUpAndFinerDurationsDown) {
  KeyRecord key = ExampleKey("key");
  key.state_since = absl::Nanoseconds(1'999);
  RevocationRecord revocation = ExampleRevocation("token");
  revocation.expires = absl::FromUnixNanos(1'001);
  StoreChange change = Keys(kIssuer, 0, {key});
  change.revocations.push_back(revocation);
  ASSERT_TRUE(store_->Commit(change).ok());
  const StoreContents contents = ContentsOf(*store_);
  EXPECT_EQ(contents.issuers.at(kIssuer).keys[0].state_since,
            absl::Microseconds(1));
  EXPECT_EQ(contents.revocations.begin()->second.expires,
            absl::FromUnixMicros(2));
}

TEST_P(StoreTest, TellsOnlyWhatHasChangedSince) {
  ASSERT_TRUE(store_->Commit(Keys("first", 0, {ExampleKey("key")})).ok());
  StoreContents contents = ContentsOf(*store_);
  StoreChange change = Keys("second", 0, {ExampleKey("key")});
  change.revocations = {ExampleRevocation("token")};
  change.jwk_sets = {ExampleJwkSet("third")};
  ASSERT_TRUE(store_->Commit(change).ok());
  StoreContents later;
  later.mark = contents.mark;
  later.ReadMore(*store_);
  EXPECT_EQ(later.mark.revision, 2);
  EXPECT_EQ(later.issuers.size(), 1);
  EXPECT_EQ(later.issuers.count("second"), 1);
  EXPECT_EQ(later.revocations.size(), 1);
  EXPECT_EQ(later.jwk_sets.size(), 1);
  StoreContents nothing;
  nothing.mark = later.mark;
  nothing.ReadMore(*store_);
  EXPECT_TRUE(nothing.issuers.empty());
  EXPECT_TRUE(nothing.revocations.empty());
  EXPECT_TRUE(nothing.jwk_sets.empty());
}

TEST_P(StoreTest, TellsOfAnIssuerWhoseKeysWereDeleted) {
  ASSERT_TRUE(store_->Commit(Keys(kIssuer, 0, {ExampleKey("key")})).ok());
  ASSERT_TRUE(store_->Commit(Keys(kIssuer, 1, {})).ok());
  StoreContents contents;
  contents.mark.revision = 1;
  contents.ReadMore(*store_);
  EXPECT_EQ(contents.issuers.at(kIssuer),
            (IssuerKeyRecords{.issuer = kIssuer, .revision = 2}));
}

TEST_P(StoreTest, MakesAChangeAsAWholeOrNotAtAll) {
  ASSERT_TRUE(store_->Commit(Keys(kIssuer, 0, {ExampleKey("old")})).ok());
  StoreChange change = Keys("another", 0, {ExampleKey("key")});
  // Nobody has seen this.
  change.issuer_keys.push_back({kIssuer, 7, {ExampleKey("new")}});
  change.revocations = {ExampleRevocation("token")};
  change.jwk_sets = {ExampleJwkSet("third")};
  const absl::StatusOr<int64_t> refused = store_->Commit(change);
  EXPECT_EQ(refused.status(),
            absl::AbortedError("the keys of an issuer have changed meanwhile; "
                               "read them again"));
  const StoreContents contents = ContentsOf(*store_);
  EXPECT_EQ(contents.mark.revision, 1);
  ASSERT_EQ(contents.issuers.size(), 1);
  EXPECT_EQ(contents.issuers.at(kIssuer).keys[0].key_id, "old");
  EXPECT_TRUE(contents.revocations.empty());
  EXPECT_TRUE(contents.jwk_sets.empty());
}

TEST_P(StoreTest, JoinsRevocationsOfTheSameTarget) {
  RevocationRecord early = ExampleRevocation("subject");
  early.target = RevocationTarget::kSubject;
  early.issued_before = absl::FromUnixSeconds(100);
  early.expires = absl::FromUnixSeconds(2'000);
  RevocationRecord late = early;
  late.issued_before = absl::FromUnixSeconds(200);
  late.expires = absl::FromUnixSeconds(1'000);
  RevocationRecord joined = early;
  joined.issued_before = late.issued_before;

  ASSERT_TRUE(store_->Commit({.revocations = {early}}).ok());
  ASSERT_TRUE(store_->Commit({.revocations = {late}}).ok());
  StoreContents since;
  since.mark.revision = 1;
  since.ReadMore(*store_);
  ASSERT_EQ(since.revocations.size(), 1);
  EXPECT_EQ(since.revocations.begin()->second, joined);

  // And so in one commit.
  for (RevocationRecord* record : {&early, &late, &joined}) {
    record->issuer = "another";
  }
  ASSERT_TRUE(store_->Commit({.revocations = {late, early, late}}).ok());
  EXPECT_EQ(ContentsOf(*store_).revocations.at(
                {"another", RevocationTarget::kSubject, "subject"}),
            joined);
}

TEST_P(StoreTest, TakesNamesOfTheGreatestLength) {
  // Bytes that cannot be compressed.
  std::string name;
  uint32_t state = 1;
  while (name.size() < kMaxNameBytes) {
    state = state * 1'664'525U + 1'013'904'223U;
    name.push_back(static_cast<char>(state >> 24U));
  }
  StoreChange change = Keys(name, 0, {ExampleKey(name)});
  change.revocations = {ExampleRevocation(name)};
  change.revocations[0].issuer = name;
  change.jwk_sets = {ExampleJwkSet(name)};
  ASSERT_TRUE(store_->Commit(change).ok());
  const StoreContents contents = ContentsOf(*store_);
  EXPECT_EQ(contents.issuers.at(name).keys[0].key_id, name);
  EXPECT_EQ(contents.revocations.size(), 1);
  EXPECT_EQ(contents.jwk_sets.size(), 1);
}

TEST_P(StoreTest, RefusesAChangeThatNoStoreTakes) {
  EXPECT_EQ(
      store_->Commit(Revocation(std::string(kMaxNameBytes + 1, 'x'))).status(),
      absl::InvalidArgumentError(
          "what is revoked, or its issuer, is too long to store"));
  EXPECT_EQ(ContentsOf(*store_).mark.revision, 0);
}

TEST_P(StoreTest, TakesManyRevocationsInOneCommit) {
  StoreChange change;
  for (int i = 0; i < 10'000; ++i) {
    change.revocations.push_back(ExampleRevocation(absl::StrCat(i)));
  }
  ASSERT_EQ(store_->Commit(change).value(), 1);
  EXPECT_EQ(ContentsOf(*store_).revocations.size(), 10'000);
}

TEST_P(StoreTest, SetsTheTimeOnlyFromWhatItIs) {
  constexpr absl::Duration kFirst = absl::Seconds(10);
  constexpr absl::Duration kSecond = absl::Seconds(20);
  EXPECT_EQ(store_->AdvanceTime(absl::ZeroDuration(), kFirst).value(), kFirst);
  // Somebody else was faster.
  EXPECT_EQ(store_->AdvanceTime(absl::ZeroDuration(), kSecond).value(), kFirst);
  EXPECT_EQ(store_->AdvanceTime(kFirst, kSecond).value(), kSecond);
  // Never further than it was told.
  EXPECT_EQ(
      store_->AdvanceTime(kSecond, kSecond + absl::Nanoseconds(1'999)).value(),
      kSecond + absl::Microseconds(1));
  const StoreMark mark = ContentsOf(*store_).mark;
  EXPECT_EQ(mark.time, kSecond + absl::Microseconds(1));
  EXPECT_EQ(mark.revision, 0);
}

TEST_P(StoreTest, TellsHowLongAgoTheFirstNewsWasCommitted) {
  for (const char* token_id : {"a", "b", "c"}) {
    ASSERT_TRUE(store_->Commit(Revocation(token_id)).ok());
  }
  StoreContents ignored;
  const auto age_since = [&](int64_t revision) {
    return store_->ReadSince(revision, ignored).value().news_age;
  };
  const std::optional<absl::Duration> since_second = age_since(2);
  const std::optional<absl::Duration> since_first = age_since(1);
  ASSERT_TRUE(since_second.has_value());
  ASSERT_TRUE(since_first.has_value());
  EXPECT_GE(*since_second, absl::ZeroDuration());
  EXPECT_GT(*since_first, *since_second);
  EXPECT_EQ(age_since(3), std::nullopt);
  EXPECT_EQ(age_since(0), std::nullopt);
}

TEST_P(StoreTest, RefusesAChangeWhoseTimeHasPassed) {
  StoreChange change = Revocation("a");
  change.seen_time = absl::ZeroDuration();
  EXPECT_EQ(store_->Commit(change).value(), 1);
  ASSERT_TRUE(
      store_->AdvanceTime(absl::ZeroDuration(), absl::Seconds(10)).ok());
  EXPECT_TRUE(absl::IsAborted(store_->Commit(change).status()));
  change.seen_time = absl::Seconds(10);
  EXPECT_EQ(store_->Commit(change).value(), 2);
}

TEST_P(StoreTest, DropsRevocationsThatExpiredBefore) {
  StoreChange change;
  for (int i = 0; i < 5; ++i) {
    change.revocations.push_back(ExampleRevocation(absl::StrCat(i)));
    change.revocations.back().expires = absl::FromUnixSeconds(i);
  }
  change.revocations.push_back(ExampleRevocation("forever"));
  change.revocations.back().expires = absl::InfiniteFuture();
  ASSERT_TRUE(store_->Commit(change).ok());
  constexpr absl::Time kBefore = absl::FromUnixSeconds(3);
  EXPECT_EQ(store_->DropExpired(kBefore, 2).value(), 2);
  EXPECT_EQ(store_->DropExpired(kBefore, 2).value(), 1);
  EXPECT_EQ(store_->DropExpired(kBefore, 2).value(), 0);
  EXPECT_EQ(ContentsOf(*store_).revocations.size(), 3);
  EXPECT_EQ(store_->DropExpired(absl::InfiniteFuture(), 100).value(), 2);
  const StoreContents contents = ContentsOf(*store_);
  ASSERT_EQ(contents.revocations.size(), 1);
  EXPECT_EQ(contents.revocations.begin()->second.value, "forever");
  EXPECT_EQ(contents.mark.revision, 1);
}

TEST_P(StoreTest, SaysWhatIsInIt) {
  StoreChange change =
      Keys(kIssuer, 0, {ExampleKey("first"), ExampleKey("second")});
  change.issuer_keys.push_back({"empty", 0, {}});
  change.revocations = {ExampleRevocation("token")};
  ASSERT_TRUE(store_->Commit(change).ok());
  const std::string kind =
      GetParam() == StoreKind::kSqlite ? "SQLite" : "PostgreSQL";
  EXPECT_EQ(store_->Check().value(),
            kind +
                ", schema 2, revision 1: 2 keys of 1 issuers, 1 revocations, "
                "0 fetched JWK Sets");
}

TEST_P(StoreTest, IsTheSameWhenOpenedAgain) {
  StoreChange change = Keys(kIssuer, 0, {ExampleKey("key")});
  change.revocations = {ExampleRevocation("token")};
  change.jwk_sets = {ExampleJwkSet("third")};
  {
    const std::unique_ptr<Store> other = place_.Open();
    ASSERT_TRUE(other->Commit(change).ok());
    ASSERT_TRUE(
        other->AdvanceTime(absl::ZeroDuration(), absl::Seconds(1)).ok());
  }
  const StoreContents contents = ContentsOf(*place_.Open());
  EXPECT_EQ(contents.mark.revision, 1);
  EXPECT_EQ(contents.mark.time, absl::Seconds(1));
  EXPECT_EQ(contents.issuers.size(), 1);
  EXPECT_EQ(contents.revocations.size(), 1);
  EXPECT_EQ(contents.jwk_sets.size(), 1);
}

}  // namespace
}  // namespace signet
