#include "keys/key_rewrap.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "jose/algorithm.h"
#include "keys/jwk.h"
#include "keys/key_sealing.h"
#include "keys/signing_key.h"
#include "store/records.h"
#include "store/sqlite_store.h"
#include "store/store.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

constexpr char kIssuer[] = "https://issuer.example";
constexpr char kOther[] = "https://other.example";

class IssuerReader final : public StoreReader {
 public:
  explicit IssuerReader(std::string issuer) : issuer_(std::move(issuer)) {}

  void ReadIssuerKeys(const IssuerKeyRecords& keys) override {
    if (keys.issuer == issuer_) found_ = keys;
  }
  void ReadRevocation(const RevocationRecord&) override {}
  void ReadJwkSet(const JwkSetRecord&) override {}

  const IssuerKeyRecords& found() const { return found_; }

 private:
  std::string issuer_;
  IssuerKeyRecords found_;
};

IssuerKeyRecords KeysOf(Store& store, const std::string& issuer) {
  IssuerReader reader(issuer);
  EXPECT_TRUE(store.ReadSince(0, reader).ok());
  return reader.found();
}

int64_t RevisionOf(Store& store) {
  IssuerReader reader(kIssuer);
  return store.ReadSince(0, reader).value().revision;
}

KeyRecord Record(const std::string& issuer, const SigningKey& key,
                 const KeyEncryptionKey& sealer) {
  return {.key_id = key.key_id(),
          .algorithm = key.algorithm(),
          .state = KeyState::kActive,
          .state_since = absl::ZeroDuration(),
          .created = absl::UnixEpoch(),
          .sealed_private_key = sealer.Seal(issuer, key)};
}

// Makes `keys` all that `issuer` has.
void Put(Store& store, const std::string& issuer, std::vector<KeyRecord> keys) {
  StoreChange change;
  change.issuer_keys.push_back(
      {issuer, KeysOf(store, issuer).revision, std::move(keys)});
  const absl::StatusOr<int64_t> committed = store.Commit(change);
  ASSERT_TRUE(committed.ok()) << committed.status();
}

class KeyRewrapTest : public testing::Test {
 protected:
  // What `sealer` makes of the issuer's keys, as private JWKs.
  std::vector<std::string> Opened(const std::string& issuer,
                                  const KeyEncryptionKey& sealer) {
    std::vector<std::string> opened;
    for (const KeyRecord& record : KeysOf(*store_, issuer).keys) {
      if (record.sealed_private_key.empty()) continue;
      const absl::StatusOr<SigningKey> key =
          sealer.Open(issuer, record.key_id, record.sealed_private_key, {});
      EXPECT_TRUE(key.ok()) << key.status();
      if (key.ok()) opened.push_back(ToPrivateJwk(*key));
    }
    return opened;
  }

  TestFolder folder_;
  std::unique_ptr<Store> store_ =
      SqliteStore::Open(folder_.PathTo("store.db")).value();
  const KeyEncryptionKey old_ = KeyEncryptionKey::Generate();
  const KeyEncryptionKey new_ = KeyEncryptionKey::Generate();
  const SigningKey a_ = SigningKey::Generate(Algorithm::kEs256, "a").value();
  const SigningKey b_ = SigningKey::Generate(Algorithm::kEdDsa, "b").value();
};

TEST_F(KeyRewrapTest, SealsTheKeysOfAllIssuersInOneCommit) {
  Put(*store_, kIssuer, {Record(kIssuer, a_, old_), Record(kIssuer, b_, old_)});
  Put(*store_, kOther, {Record(kOther, a_, old_)});
  const int64_t before = RevisionOf(*store_);
  const absl::StatusOr<RewrappedKeys> count = RewrapKeys(*store_, old_, new_);
  ASSERT_TRUE(count.ok()) << count.status();
  EXPECT_EQ(count->rewrapped, 3);
  EXPECT_EQ(count->up_to_date, 0);
  EXPECT_EQ(RevisionOf(*store_), before + 1);
  EXPECT_EQ(Opened(kIssuer, new_),
            (std::vector{ToPrivateJwk(a_), ToPrivateJwk(b_)}));
  EXPECT_EQ(Opened(kOther, new_), std::vector{ToPrivateJwk(a_)});
}

TEST_F(KeyRewrapTest, ChangesNothingElseAboutAKey) {
  KeyRecord retired = Record(kIssuer, b_, old_);
  retired.state = KeyState::kRetired;
  retired.state_since = absl::Hours(7);
  retired.sealed_private_key.clear();
  Put(*store_, kIssuer, {Record(kIssuer, a_, old_), retired});
  std::vector<KeyRecord> expected = KeysOf(*store_, kIssuer).keys;
  ASSERT_TRUE(RewrapKeys(*store_, old_, new_).ok());
  const std::vector<KeyRecord> keys = KeysOf(*store_, kIssuer).keys;
  EXPECT_NE(keys, expected);
  expected[0].sealed_private_key = keys[0].sealed_private_key;
  EXPECT_EQ(keys, expected);
}

TEST_F(KeyRewrapTest, TouchesNothingWithAWrongKey) {
  Put(*store_, kIssuer, {Record(kIssuer, a_, old_)});
  // One that opens does not help the other.
  const KeyEncryptionKey wrong = KeyEncryptionKey::Generate();
  Put(*store_, kOther, {Record(kOther, a_, wrong)});
  const int64_t before = RevisionOf(*store_);
  for (const KeyEncryptionKey* from : {&old_, &wrong}) {
    EXPECT_EQ(RewrapKeys(*store_, *from, new_).status().code(),
              absl::StatusCode::kFailedPrecondition);
  }
  EXPECT_EQ(RevisionOf(*store_), before);
  EXPECT_EQ(Opened(kIssuer, old_), std::vector{ToPrivateJwk(a_)});
}

TEST_F(KeyRewrapTest, TouchesNothingIfAKeyWasAltered) {
  KeyRecord altered = Record(kIssuer, b_, old_);
  altered.sealed_private_key.back() ^= 1;
  Put(*store_, kIssuer, {Record(kIssuer, a_, old_), altered});
  const int64_t before = RevisionOf(*store_);
  const absl::Status rewrapped = RewrapKeys(*store_, old_, new_).status();
  EXPECT_EQ(rewrapped.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(rewrapped.message().substr(0, 7), "key b: ");
  EXPECT_EQ(RevisionOf(*store_), before);
}

TEST_F(KeyRewrapTest, LeavesWhatTheNewKeyHasSealed) {
  Put(*store_, kIssuer, {Record(kIssuer, a_, old_), Record(kIssuer, b_, new_)});
  const absl::StatusOr<RewrappedKeys> first = RewrapKeys(*store_, old_, new_);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->rewrapped, 1);
  EXPECT_EQ(first->up_to_date, 1);
  const int64_t before = RevisionOf(*store_);
  const absl::StatusOr<RewrappedKeys> again = RewrapKeys(*store_, old_, new_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->rewrapped, 0);
  EXPECT_EQ(again->up_to_date, 2);
  EXPECT_EQ(RevisionOf(*store_), before);
}

// A store in which somebody else is faster, a number of times.
class ContestedStore final : public Store {
 public:
  using Rival = std::function<void()>;

  ContestedStore(Store& store, int times, Rival rival)
      : store_(store), times_(times), rival_(std::move(rival)) {}

  absl::StatusOr<int64_t> Commit(const StoreChange& change) override {
    if (times_-- > 0) rival_();
    return store_.Commit(change);
  }
  absl::StatusOr<StoreMark> ReadSince(int64_t revision,
                                      StoreReader& reader) override {
    return store_.ReadSince(revision, reader);
  }
  absl::Status AwaitChange(int64_t revision, absl::Duration at_most) override {
    return store_.AwaitChange(revision, at_most);
  }
  void Wake() override { store_.Wake(); }
  absl::StatusOr<absl::Duration> AdvanceTime(absl::Duration from,
                                             absl::Duration to) override {
    return store_.AdvanceTime(from, to);
  }
  absl::StatusOr<int64_t> DropExpired(absl::Time before,
                                      int64_t limit) override {
    return store_.DropExpired(before, limit);
  }
  absl::StatusOr<std::string> Check() override { return store_.Check(); }

 private:
  Store& store_;
  int times_;
  Rival rival_;
};

TEST_F(KeyRewrapTest, LetsWhoChangesKeysMeanwhileGoFirst) {
  Put(*store_, kIssuer, {Record(kIssuer, a_, old_)});
  ContestedStore contested(*store_, 1, [&] {
    Put(*store_, kIssuer,
        {Record(kIssuer, a_, old_), Record(kIssuer, b_, old_)});
  });
  const absl::StatusOr<RewrappedKeys> count = RewrapKeys(contested, old_, new_);
  ASSERT_TRUE(count.ok()) << count.status();
  EXPECT_EQ(count->rewrapped, 2);
  EXPECT_EQ(Opened(kIssuer, new_),
            (std::vector{ToPrivateJwk(a_), ToPrivateJwk(b_)}));
}

TEST_F(KeyRewrapTest, GivesUpOnKeysThatNeverComeToRest) {
  Put(*store_, kIssuer, {Record(kIssuer, a_, old_)});
  ContestedStore contested(*store_, 1000, [&] {
    Put(*store_, kIssuer, {Record(kIssuer, a_, old_)});
  });
  EXPECT_EQ(RewrapKeys(contested, old_, new_).status().code(),
            absl::StatusCode::kAborted);
  EXPECT_EQ(Opened(kIssuer, old_), std::vector{ToPrivateJwk(a_)});
}

}  // namespace
}  // namespace signet
