#include "keys/key_sealing.h"

#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "keys/jwk.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

constexpr char kIssuer[] = "https://issuer.example";

absl::StatusCode CodeOf(const absl::StatusOr<SigningKey>& opened) {
  return opened.status().code();
}

TEST(KeySealingTest, OpensWhatItSealed) {
  const KeyEncryptionKey sealer = KeyEncryptionKey::Generate();
  for (const Algorithm algorithm : {Algorithm::kHs256, Algorithm::kRs256,
                                    Algorithm::kEs384, Algorithm::kEdDsa}) {
    const SigningKey key = SigningKey::Generate(algorithm, "a").value();
    const auto opened =
        sealer.Open(kIssuer, "a", sealer.Seal(kIssuer, key), {});
    ASSERT_TRUE(opened.ok()) << opened.status();
    EXPECT_EQ(ToPrivateJwk(*opened), ToPrivateJwk(key));
  }
}

TEST(KeySealingTest, NeverSealsTheSameWayTwice) {
  const KeyEncryptionKey sealer = KeyEncryptionKey::Generate();
  const SigningKey key = SigningKey::Generate(Algorithm::kEdDsa).value();
  EXPECT_NE(sealer.Seal(kIssuer, key), sealer.Seal(kIssuer, key));
}

TEST(KeySealingTest, ShowsNothingOfTheKey) {
  const KeyEncryptionKey sealer = KeyEncryptionKey::Generate();
  const SigningKey key = SigningKey::Generate(Algorithm::kEdDsa, "kid").value();
  const std::string sealed = sealer.Seal(kIssuer, key);
  EXPECT_FALSE(absl::StrContains(sealed, "kty"));
  EXPECT_FALSE(absl::StrContains(sealed, "kid"));
}

TEST(KeySealingTest, BindsAKeyToItsIssuerAndId) {
  const KeyEncryptionKey sealer = KeyEncryptionKey::Generate();
  const SigningKey key = SigningKey::Generate(Algorithm::kEdDsa, "bc").value();
  const std::string sealed = sealer.Seal("a", key);
  EXPECT_EQ(CodeOf(sealer.Open("b", "bc", sealed, {})),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(CodeOf(sealer.Open("a", "bd", sealed, {})),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(CodeOf(sealer.Open("ab", "c", sealed, {})),
            absl::StatusCode::kDataLoss);
  EXPECT_TRUE(sealer.Open("a", "bc", sealed, {}).ok());
}

TEST(KeySealingTest, RefusesEveryAlteration) {
  const KeyEncryptionKey sealer = KeyEncryptionKey::Generate();
  const SigningKey key = SigningKey::Generate(Algorithm::kEdDsa, "a").value();
  const std::string sealed = sealer.Seal(kIssuer, key);
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string altered = sealed;
    altered[i] ^= 1;
    EXPECT_FALSE(sealer.Open(kIssuer, "a", altered, {}).ok()) << i;
    EXPECT_EQ(CodeOf(sealer.Open(kIssuer, "a", sealed.substr(0, i), {})),
              absl::StatusCode::kDataLoss);
  }
}

TEST(KeySealingTest, SaysThatAnotherKeyEncryptionKeySealed) {
  const SigningKey key = SigningKey::Generate(Algorithm::kEdDsa, "a").value();
  const std::string sealed = KeyEncryptionKey::Generate().Seal(kIssuer, key);
  const KeyEncryptionKey other = KeyEncryptionKey::Generate();
  const absl::Status status = other.Open(kIssuer, "a", sealed, {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(),
            "the stored private keys are sealed under another key-encryption "
            "key than " +
                other.id() + "; configure the one that they were sealed with");
}

TEST(KeySealingTest, RefusesWhatIsNoKeyEncryptionKey) {
  const std::string good(43, 'A');
  EXPECT_TRUE(KeyEncryptionKey::Parse(good).ok());
  EXPECT_TRUE(KeyEncryptionKey::Parse(good + "\n").ok());
  for (const std::string& bad :
       {std::string(), good + "A", good.substr(1), good + " ",
        std::string(43, '+'), good + "\n\n"}) {
    EXPECT_EQ(KeyEncryptionKey::Parse(bad).status(),
              absl::InvalidArgumentError(
                  "is not a key-encryption key: 32 bytes in base64url, which "
                  "are 43 characters"));
  }
}

TEST(KeySealingTest, KeepsTheKeyInAFileOfItsOwnersAlone) {
  const TestFolder folder;
  const std::string path = folder.PathTo("kek");
  const auto created = KeyEncryptionKey::LoadOrCreate(path);
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(ModeOf(path), 0600);
  EXPECT_EQ(KeyEncryptionKey::LoadOrCreate(path)->id(), created->id());
  EXPECT_EQ(KeyEncryptionKey::Load(path)->id(), created->id());
}

TEST(KeySealingTest, CreatesAKeyOnlyWhereThereIsNoFile) {
  const TestFolder folder;
  const std::string path = folder.PathTo("kek");
  const auto created = KeyEncryptionKey::Create(path);
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(ModeOf(path), 0600);
  EXPECT_EQ(KeyEncryptionKey::Create(path).status().code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(KeyEncryptionKey::Load(path)->id(), created->id());
}

TEST(KeySealingTest, RefusesAFileThatOthersMayRead) {
  const TestFolder folder;
  const std::string path = folder.PathTo("kek");
  folder.Write("kek", std::string(43, 'A'), 0644);
  const absl::Status status = KeyEncryptionKey::LoadOrCreate(path).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StartsWith(status.message(), path + ": holds private keys"))
      << status;
}

TEST(KeySealingTest, DoesNotReplaceAFileThatIsNoKey) {
  const TestFolder folder;
  const std::string path = folder.PathTo("kek");
  folder.Write("kek", "precious");
  EXPECT_FALSE(KeyEncryptionKey::LoadOrCreate(path).ok());
  std::string text;
  std::ifstream(path) >> text;
  EXPECT_EQ(text, "precious");
}

}  // namespace
}  // namespace signet
