#include "service/state_options.h"

#include <cstdlib>
#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "service/yaml/yaml_config.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

absl::StatusOr<StateOptions> Read(const std::string& yaml) {
  return ReadStateOptions(ParseServerConfig(yaml, "signet.yaml").value(),
                          "/etc/signet");
}

TEST(StateOptionsTest, AreInTheDataFolderByDefault) {
  const auto options = Read("{}");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->store, "sqlite:/etc/signet/data/signet.db");
  EXPECT_EQ(options->key_file, "/etc/signet/data.key");
  EXPECT_EQ(options->missing_key, StateOptions::MissingKey::kIsGenerated);
  EXPECT_EQ(options->max_staleness, absl::Minutes(1));
  EXPECT_EQ(options->when_stale, WhenStale::kVerify);
  EXPECT_EQ(Read("data_folder: /var/lib/signet/")->key_file,
            "/var/lib/signet.key");
}

TEST(StateOptionsTest, AreWhereTheConfigurationSays) {
  const auto options = Read(
      "state: {store: 'sqlite:a/b.db', key_encryption_key_file: kek,"
      " max_staleness: 5s, refuse_when_stale: true}");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->store, "sqlite:/etc/signet/a/b.db");
  EXPECT_EQ(options->key_file, "/etc/signet/kek");
  EXPECT_EQ(options->missing_key, StateOptions::MissingKey::kIsAnError);
  EXPECT_EQ(options->data_folder, "");
  EXPECT_EQ(options->max_staleness, absl::Seconds(5));
  EXPECT_EQ(options->when_stale, WhenStale::kRefuse);
  EXPECT_EQ(Read("state: {store: 'postgres:host=x',"
                 " key_encryption_key_variable: KEK}")
                ->store,
            "postgres:host=x");
}

TEST(StateOptionsTest, AreRefusedIfTheKeyIsNowhereOrInTwoPlaces) {
  EXPECT_EQ(Read("state: {store: 'sqlite:x'}").status(),
            absl::InvalidArgumentError(
                "state.key_encryption_key_file: is required with this store; "
                "\"signet store new-key\" makes one"));
  EXPECT_EQ(Read("state: {key_encryption_key_file: a,"
                 " key_encryption_key_variable: b}")
                .status(),
            absl::InvalidArgumentError(
                "state.key_encryption_key_variable: drop this, or "
                "key_encryption_key_file; the key is in one place"));
}

TEST(StateOptionsTest, MakeAKeyOnlyForANewStore) {
  const TestFolder folder;
  const auto options = ReadStateOptions({}, folder.path());
  ASSERT_TRUE(options.ok());
  const auto made = LoadKeyEncryptionKey(*options);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_EQ(ModeOf(folder.PathTo("data")), 0700);
  EXPECT_EQ(ModeOf(folder.PathTo("data.key")), 0600);
  EXPECT_EQ(LoadKeyEncryptionKey(*options)->id(), made->id());

  folder.Write("data/signet.db", "");
  std::filesystem::remove(folder.PathTo("data.key"));
  EXPECT_EQ(LoadKeyEncryptionKey(*options).status(),
            absl::NotFoundError(
                absl::StrCat(folder.PathTo("data.key"),
                             ": cannot be opened: No such file or directory")));
}

TEST(StateOptionsTest, ReadTheKeyFromTheEnvironment) {
  StateOptions options;
  options.key_variable = "SIGNET_TEST_KEY_ENCRYPTION_KEY";
  EXPECT_EQ(LoadKeyEncryptionKey(options).status(),
            absl::NotFoundError("the environment variable "
                                "SIGNET_TEST_KEY_ENCRYPTION_KEY is not set"));
  setenv("SIGNET_TEST_KEY_ENCRYPTION_KEY", "short", 1);
  EXPECT_EQ(LoadKeyEncryptionKey(options).status(),
            absl::InvalidArgumentError(
                "the environment variable SIGNET_TEST_KEY_ENCRYPTION_KEY is "
                "not a key-encryption key: 32 bytes in base64url, which are 43 "
                "characters"));
  setenv("SIGNET_TEST_KEY_ENCRYPTION_KEY", std::string(43, 'A').c_str(), 1);
  EXPECT_TRUE(LoadKeyEncryptionKey(options).ok());
}

}  // namespace
}  // namespace signet
