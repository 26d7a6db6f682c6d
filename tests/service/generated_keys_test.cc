#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "keys/jwk.h"
#include "service/server_setup.h"
#include "service/yaml/yaml_config.h"
#include "tests/service/test_folder.h"
#include "tests/signer/signing_keys.h"

namespace signet {
namespace {

namespace fs = std::filesystem;

constexpr char kTwoIssuers[] = R"(
issuers:
  - {issuer: "https://a.example", signing: {generate: [EdDSA, ES256]}}
  - {issuer: "https://b.example", signing: {generate: [EdDSA]}}
)";

constexpr char kOneIssuer[] =
    "issuers: [{issuer: a, signing: {generate: [EdDSA]}}]";

absl::StatusOr<ServerSetup> Build(
    absl::string_view yaml, const std::string& folder,
    MissingKeys missing_keys = MissingKeys::kGenerateAndSave) {
  const absl::StatusOr<config::v1::ServerConfig> config =
      ParseServerConfig(yaml, "signet.yaml");
  if (!config.ok()) return config.status();
  return BuildServerSetup(*config, folder, missing_keys);
}

// The id of the key that signs as `issuer` by default.
std::string KeyIdOf(const ServerSetup& setup, absl::string_view issuer) {
  const absl::StatusOr<SignedToken> token = setup.signers.at(issuer).Sign(
      {.audiences = {"x"}}, absl::FromUnixSeconds(1'800'000'000));
  if (!token.ok()) return token.status().ToString();
  return std::string(token->content.header().key_id.value_or("none"));
}

std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  return files;
}

TEST(GeneratedKeys, AreForTheirOwnersEyesOnly) {
  const TestFolder folder;
  const mode_t umask_before = umask(0);
  const absl::Cleanup restore = [=] { umask(umask_before); };
  ASSERT_EQ(Build(kTwoIssuers, folder.path()).status(), absl::OkStatus());
  EXPECT_EQ(ModeOf(folder.PathTo("data/keys")), mode_t{0700});
  const std::vector<std::string> files = FilesIn(folder.path());
  EXPECT_EQ(files.size(), 3u);
  for (const std::string& file : files) {
    EXPECT_TRUE(absl::StartsWith(file, folder.PathTo("data/keys/"))) << file;
    EXPECT_EQ(ModeOf(file), mode_t{0600}) << file;
  }
}

TEST(GeneratedKeys, AreTheSameAtTheNextStart) {
  const TestFolder folder;
  const auto first = Build(kTwoIssuers, folder.path());
  const auto second = Build(kTwoIssuers, folder.path());
  ASSERT_TRUE(first.ok() && second.ok()) << first.status() << second.status();
  for (const char* issuer : {"https://a.example", "https://b.example"}) {
    EXPECT_EQ(KeyIdOf(*first, issuer), KeyIdOf(*second, issuer));
  }
  EXPECT_NE(KeyIdOf(*first, "https://a.example"),
            KeyIdOf(*first, "https://b.example"));
}

TEST(GeneratedKeys, AreKeptWhereTheConfigurationSays) {
  const TestFolder folder;
  const TestFolder elsewhere;
  for (const std::string& data : {std::string("a/b/"), elsewhere.path()}) {
    ASSERT_EQ(
        Build(absl::StrCat(kOneIssuer, "\ndata_folder: ", data), folder.path())
            .status(),
        absl::OkStatus());
  }
  EXPECT_EQ(FilesIn(folder.PathTo("a/b/keys")).size(), 1u);
  EXPECT_EQ(FilesIn(elsewhere.PathTo("keys")).size(), 1u);
  EXPECT_EQ(FilesIn(folder.path()).size(), 1u);
}

TEST(GeneratedKeys, LeaveNoTraceWhenAConfigurationIsOnlyChecked) {
  const TestFolder folder;
  ASSERT_EQ(
      Build(kTwoIssuers, folder.path(), MissingKeys::kGenerateOnly).status(),
      absl::OkStatus());
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(GeneratedKeys, AreReadWhenAConfigurationIsOnlyChecked) {
  const TestFolder folder;
  ASSERT_EQ(Build(kOneIssuer, folder.path()).status(), absl::OkStatus());
  folder.Write("damaged", "{");
  fs::rename(folder.PathTo("damaged"), FilesIn(folder.PathTo("data")).front());
  EXPECT_FALSE(
      Build(kOneIssuer, folder.path(), MissingKeys::kGenerateOnly).ok());
}

TEST(GeneratedKeys, AreOneWhenServersStartTogether) {
  constexpr int kRounds = 10;
  constexpr int kServers = 4;
  for (int round = 0; round < kRounds; ++round) {
    const TestFolder folder;
    std::vector<std::string> key_ids(kServers);
    std::vector<std::thread> servers;
    for (std::string& key_id : key_ids) {
      servers.emplace_back([&] {
        const auto setup = Build(kOneIssuer, folder.path());
        key_id = setup.ok() ? KeyIdOf(*setup, "a") : setup.status().ToString();
      });
    }
    for (std::thread& server : servers) server.join();
    EXPECT_EQ(std::set<std::string>(key_ids.begin(), key_ids.end()).size(), 1u);
    // Nor is anything left of the keys that came too late.
    EXPECT_EQ(FilesIn(folder.path()).size(), 1u);
  }
}

// Returns the status of a build, with "DIR" for the folder and "KEY" for the
// file of the generated key.
std::string ProblemIn(const TestFolder& folder, const std::string& key_path) {
  return absl::StrReplaceAll(
      Build(kOneIssuer, folder.path()).status().ToString(),
      {{key_path, "KEY"}, {folder.path(), "DIR"}});
}

TEST(GeneratedKeys, AreRefusedIfSomebodyTamperedWithThem) {
  const TestFolder folder;
  ASSERT_EQ(Build(kOneIssuer, folder.path()).status(), absl::OkStatus());
  const std::string path = FilesIn(folder.path()).front();
  const auto replace = [&](absl::string_view text, mode_t mode) {
    folder.Write("new", text, mode);
    fs::rename(folder.PathTo("new"), path);
  };
  const std::string es256 = ToPrivateJwk(NewKey(Algorithm::kEs256));
  const std::string eddsa = ToPrivateJwk(NewKey(Algorithm::kEdDsa));

  replace(es256, 0600);
  EXPECT_EQ(ProblemIn(folder, path),
            "INVALID_ARGUMENT: issuers[0].signing.generate[0]: the key in the "
            "data folder is for ES256");
  replace(absl::StrCat(R"({"keys":[)", eddsa, ",", es256, "]}"), 0600);
  EXPECT_EQ(ProblemIn(folder, path),
            "INVALID_ARGUMENT: issuers[0].signing.generate[0]: KEY: has 2 keys "
            "instead of one");
  replace(eddsa, 0640);
  EXPECT_EQ(ProblemIn(folder, path), "OK");
  replace(eddsa, 0604);
  EXPECT_EQ(ProblemIn(folder, path),
            "INVALID_ARGUMENT: issuers[0].signing.generate[0]: KEY: holds "
            "private keys, but others may read or change it; run \"chmod 600\" "
            "on it");
  replace("", 0600);
  EXPECT_TRUE(absl::StartsWith(
      ProblemIn(folder, path),
      "INVALID_ARGUMENT: issuers[0].signing.generate[0]: KEY: not valid JSON"))
      << ProblemIn(folder, path);
}

TEST(GeneratedKeys, NeverReplaceWhatStandsInTheirPlace) {
  const TestFolder folder;
  ASSERT_EQ(Build(kOneIssuer, folder.path()).status(), absl::OkStatus());
  const std::string path = FilesIn(folder.path()).front();
  fs::remove(path);
  fs::create_symlink(folder.PathTo("absent"), path);
  EXPECT_EQ(ProblemIn(folder, path),
            "NOT_FOUND: issuers[0].signing.generate[0]: KEY: cannot be "
            "opened: No such file or directory");
  EXPECT_FALSE(fs::exists(folder.PathTo("absent")));
}

TEST(GeneratedKeys, AreRefusedWhereNoFolderCanBe) {
  const TestFolder folder;
  ASSERT_EQ(Build(kOneIssuer, folder.path()).status(), absl::OkStatus());
  const std::string path = FilesIn(folder.path()).front();
  fs::remove_all(folder.PathTo("data"));

  folder.Write("data", "a file");
  EXPECT_EQ(ProblemIn(folder, path),
            "FAILED_PRECONDITION: issuers[0].signing.generate[0]: KEY: cannot "
            "be opened: Not a directory");

  fs::remove(folder.PathTo("data"));
  fs::create_symlink("data", folder.PathTo("data"));
  EXPECT_EQ(ProblemIn(folder, path),
            "UNKNOWN: issuers[0].signing.generate[0]: KEY: cannot be opened: "
            "Too many levels of symbolic links");
}

}  // namespace
}  // namespace signet
