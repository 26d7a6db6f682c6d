#include "curves/ed25519_verifier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "curves/ed25519_engine.h"
#include "curves/ed25519_table.h"
#include "jose/json.h"
#include "keys/digest.h"
#include "keys/ed25519_point.h"
#include "openssl/curve25519.h"
#include "tests/conformance/test_vectors.h"
#include "tests/conformance/wycheproof.h"
#include "tests/curves/ed25519_forger.h"
#include "tests/differential/case_count.h"

namespace signet {
namespace {

constexpr Ed25519Engine kEngines[] = {Ed25519Engine::kPortable,
                                      Ed25519Engine::kVector};

bool VerifyWithBoringSsl(const Ed25519Bytes& key, absl::string_view message,
                         absl::string_view signature) {
  return signature.size() == ED25519_SIGNATURE_LEN &&
         ED25519_verify(AsBytes(message).data(), message.size(),
                        AsBytes(signature).data(), key.data()) == 1;
}

// Collects tasks together with BoringSSL's verdicts, and owns their bytes.
class Batch {
 public:
  void Add(const Ed25519Table& table, Ed25519Forger::Signed signed_message) {
    expected_.push_back(VerifyWithBoringSsl(table.key(), signed_message.message,
                                            signed_message.signature));
    tables_.push_back(&table);
    signed_.push_back(std::move(signed_message));
  }

  size_t size() const { return signed_.size(); }
  size_t valid() const {
    return static_cast<size_t>(
        std::count(expected_.begin(), expected_.end(), true));
  }

  // Verifies everything one by one and as one batch.
  void ExpectVerdicts() const {
    std::vector<Ed25519Task> tasks;
    tasks.reserve(size());
    for (size_t i = 0; i < size(); ++i) {
      tasks.push_back({tables_[i], signed_[i].message, signed_[i].signature});
    }
    // Begins as the opposite of what is expected, and ends with a canary.
    const std::unique_ptr<bool[]> valid(new bool[size() + 1]);
    for (size_t i = 0; i < size(); ++i) valid[i] = !expected_[i];
    valid[size()] = true;
    VerifyEd25519Batch(tasks, absl::MakeSpan(valid.get(), size()));
    EXPECT_TRUE(valid[size()]);
    for (size_t i = 0; i < size(); ++i) {
      const bool single =
          VerifyEd25519(*tasks[i].table, tasks[i].message, tasks[i].signature);
      ASSERT_TRUE(single == expected_[i] && valid[i] == expected_[i])
          << "BoringSSL says " << expected_[i] << ", VerifyEd25519 " << single
          << ", VerifyEd25519Batch " << valid[i] << " of task " << i << " of "
          << size() << "\nkey "
          << absl::BytesToHexString(AsText(tables_[i]->key())) << "\nmessage "
          << absl::BytesToHexString(signed_[i].message) << "\nsignature "
          << absl::BytesToHexString(signed_[i].signature);
    }
  }

 private:
  std::vector<const Ed25519Table*> tables_;
  std::vector<Ed25519Forger::Signed> signed_;
  std::vector<bool> expected_;
};

std::unique_ptr<const Ed25519Table> BuildTable(const Ed25519Bytes& key) {
  return Ed25519Table::Build(key);
}

// Every test but the last two needs tables.
class Ed25519VerifierTest : public testing::TestWithParam<Ed25519Engine> {
 protected:
  void SetUp() override {
    if (AllowedEd25519Engine() != GetParam()) {
      GTEST_SKIP() << "this machine has no such engine";
    }
  }

  const LimitEd25519EngineForTesting limit_{GetParam()};
  Ed25519Forger forger_{1};
};
INSTANTIATE_TEST_SUITE_P(Engines, Ed25519VerifierTest,
                         testing::ValuesIn(kEngines));

TEST_P(Ed25519VerifierTest, AcceptsValidSignaturesInBatchesOfAnySize) {
  const auto one = forger_.MakeKey(12);
  const auto other = forger_.MakeKey(13);
  const auto table = BuildTable(one.encoded);
  const auto other_table = BuildTable(other.encoded);
  for (size_t size = 0; size <= 200; ++size) {
    Batch batch;
    for (size_t i = 0; i < size; ++i) {
      if (i % 3 == 2) {
        batch.Add(*other_table, forger_.SignValidly(other, i));
      } else {
        batch.Add(*table, forger_.SignValidly(one, 5 * i));
      }
    }
    EXPECT_EQ(batch.valid(), size);
    batch.ExpectVerdicts();
  }
}

TEST_P(Ed25519VerifierTest, FindsTheOneBadSignatureOfABatch) {
  const auto key = forger_.MakeKey(12);
  const auto table = BuildTable(key.encoded);
  for (const size_t size : {2, 8, 9, 64, 65}) {
    for (size_t bad = 0; bad < size; ++bad) {
      Batch batch;
      for (size_t i = 0; i < size; ++i) {
        auto message = forger_.SignValidly(key, 40);
        if (i == bad) message.message[i % 40] ^= 1;
        batch.Add(*table, std::move(message));
      }
      EXPECT_EQ(batch.valid(), size - 1);
      batch.ExpectVerdicts();
    }
  }
}

TEST_P(Ed25519VerifierTest, AnswersWithoutAMessageAndWithoutASignature) {
  const auto key = forger_.MakeKey(12);
  const auto table = BuildTable(key.encoded);
  const auto empty = forger_.SignValidly(key, 0);
  EXPECT_TRUE(VerifyEd25519(*table, absl::string_view(), empty.signature));
  EXPECT_FALSE(VerifyEd25519(*table, empty.message, absl::string_view()));
}

TEST_P(Ed25519VerifierTest, RejectsSignaturesOfTheWrongLength) {
  const auto key = forger_.MakeKey(12);
  const auto table = BuildTable(key.encoded);
  Batch batch;
  for (size_t length = 0; length <= 130; ++length) {
    auto message = forger_.SignValidly(key, 40);
    message.signature.resize(length, '\0');
    batch.Add(*table, std::move(message));
  }
  EXPECT_EQ(batch.valid(), 1);
  batch.ExpectVerdicts();
}

// What is not accepted as a key (keys/ed25519_point.h) is decided as BoringSSL
// does all the same.
TEST_P(Ed25519VerifierTest, BuildsTablesOfExactlyWhatBoringSslDecodes) {
  std::vector<Ed25519Bytes> keys = forger_.non_canonical();
  keys.insert(keys.end(), forger_.low_order().begin(),
              forger_.low_order().end());
  for (int i = 0; i < 100; ++i) {
    const std::string bytes = forger_.RandomBytes(32);
    Ed25519Bytes key;
    std::copy(bytes.begin(), bytes.end(), key.begin());
    keys.push_back(key);
  }
  size_t tables = 0;
  for (const Ed25519Bytes& encoded : keys) {
    // Only a key that can be decoded gets as far as this signature's S = 0 and
    // R = k A, if A has an order that divides k.
    const auto table = BuildTable(encoded);
    EXPECT_TRUE(table != nullptr || !CheckEd25519Point(encoded).ok());
    if (table == nullptr) continue;
    ++tables;
    Batch batch;
    for (int i = 0; i < 100; ++i) {
      const Ed25519Bytes& r = forger_.low_order()[forger_.Below(8)];
      std::string signature(r.begin(), r.end());
      signature.resize(64, '\0');
      batch.Add(*table, {forger_.RandomBytes(8), signature});
    }
    batch.ExpectVerdicts();
  }
  std::cout << tables << " tables of " << keys.size() << " encodings\n";
  EXPECT_GT(tables, 60);
}

TEST_P(Ed25519VerifierTest, TablesAreSmall) {
  EXPECT_LE(BuildTable(forger_.MakeKey(12).encoded)->bytes(), 160 * 1024);
}

Ed25519Bytes ToKey(const std::string& bytes) {
  Ed25519Bytes key = {};
  EXPECT_EQ(bytes.size(), key.size());
  std::copy_n(bytes.begin(), std::min(bytes.size(), key.size()), key.begin());
  return key;
}

TEST_P(Ed25519VerifierTest, AgreesWithWycheproof) {
  if (!HaveTestVectors()) GTEST_SKIP() << "no test vectors here";
  const WycheproofFormat format = {
      {"type", "source", "publicKey", "publicKeyDer", "publicKeyPem",
       "publicKeyJwk", "tests"},
      {"tcId", "comment", "flags", "msg", "sig", "result"},
      {"CompressedSignature", "InvalidEncoding", "InvalidKtv",
       "InvalidSignature", "Ktv", "SignatureMalleability",
       "SignatureWithGarbage", "TinkOverflow", "TruncatedSignature", "Valid"}};
  std::vector<std::unique_ptr<const Ed25519Table>> tables;
  Batch batch;
  const size_t ran =
      RunWycheproof("ed25519_test.json", format, [&](const WycheproofCase& c) {
        const Ed25519Bytes key =
            ToKey(HexMember(ObjectMember(c.group, "publicKey"), "pk"));
        if (tables.empty() || tables.back()->key() != key) {
          tables.push_back(BuildTable(key));
          ASSERT_NE(tables.back(), nullptr) << c.where;
        }
        const std::string message = HexMember(c.test, "msg");
        const std::string signature = HexMember(c.test, "sig");
        EXPECT_EQ(VerifyEd25519(*tables.back(), message, signature),
                  c.expected == ExpectedResult::kValid)
            << c.where;
        batch.Add(*tables.back(), {message, signature});
      });
  EXPECT_EQ(batch.size(), ran);
  batch.ExpectVerdicts();
  ReportCases("ed25519_test.json", ran, "one by one and as one batch");
}

TEST_P(Ed25519VerifierTest, AgreesWithBoringSslOnSpeccheck) {
  if (!HaveTestVectors()) GTEST_SKIP() << "no test vectors here";
  const auto document =
      JsonDocument::Parse(ReadVector("ed25519_speccheck/cases.json"));
  ASSERT_TRUE(document.ok()) << document.status();
  std::vector<std::unique_ptr<const Ed25519Table>> tables;
  Batch batch;
  const JsonArray cases = AsArray(document->root()).value();
  for (const JsonValue value : cases) {
    const JsonObject test = *AsObject(value);
    ExpectKnownMembers(test, {"message", "pub_key", "signature"}, "speccheck");
    tables.push_back(BuildTable(ToKey(HexMember(test, "pub_key"))));
    ASSERT_NE(tables.back(), nullptr);
    batch.Add(*tables.back(),
              {HexMember(test, "message"), HexMember(test, "signature")});
  }
  EXPECT_EQ(batch.size(), 12);
  batch.ExpectVerdicts();
  ReportCases("ed25519_speccheck", batch.size(), "one by one and as one batch");
}

TEST(Ed25519TableTest, IsNotBuiltOfWhatIsNoPoint) {
  // y = 2 is not on the curve.
  EXPECT_EQ(BuildTable({2}), nullptr);
}

TEST(Ed25519TableTest, IsNotBuiltWhereOnlyBoringSslIsAllowed) {
  const LimitEd25519EngineForTesting limit(Ed25519Engine::kBoringSsl);
  EXPECT_EQ(BuildTable(Ed25519Forger(1).MakeKey(0).encoded), nullptr);
}

// Demands the same verdicts as BoringSSL's of random signatures, each of which
// every engine verifies alone and in a batch. One shard per seed.
class Ed25519DifferentialTest : public testing::TestWithParam<uint64_t> {};
constexpr uint64_t kSeeds = 16;
INSTANTIATE_TEST_SUITE_P(Seeds, Ed25519DifferentialTest,
                         testing::Range(uint64_t{0}, kSeeds));

TEST_P(Ed25519DifferentialTest, GivesTheVerdictsOfBoringSsl) {
  std::vector<Ed25519Engine> engines;
  for (const Ed25519Engine engine : kEngines) {
    if (engine <= AllowedEd25519Engine()) engines.push_back(engine);
  }
  if (engines.empty()) GTEST_SKIP() << "tables are not supported here";
  Ed25519Forger forger(GetParam());
  std::vector<Ed25519Forger::Key> keys;
  std::vector<std::unique_ptr<const Ed25519Table>> tables;
  for (size_t i = 0; i < 40; ++i) {
    keys.push_back(forger.MakeKey(i));
    tables.push_back(BuildTable(keys[i].encoded));
    ASSERT_NE(tables[i], nullptr);
  }
  const size_t wanted = CaseCount(1'000'000) / kSeeds;
  size_t signatures = 0;
  size_t valid = 0;
  while (signatures < wanted) {
    Batch batch;
    const size_t size = forger.Below(150);
    while (batch.size() < size) {
      const size_t i = forger.Below(keys.size());
      batch.Add(*tables[i], forger.Sign(keys[i]));
    }
    for (const Ed25519Engine engine : engines) {
      const LimitEd25519EngineForTesting limit(engine);
      ASSERT_NO_FATAL_FAILURE(batch.ExpectVerdicts());
    }
    signatures += size;
    valid += batch.valid();
  }
  std::cout << "EdDSA: " << signatures << " cases, " << valid << " valid with "
            << engines.size() << " engines\n";
  EXPECT_GT(valid, signatures / 4);
  EXPECT_LT(valid, signatures / 2);
}

}  // namespace
}  // namespace signet
