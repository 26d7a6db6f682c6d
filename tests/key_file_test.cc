#include "keys/key_file.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "keys/jwk.h"
#include "tests/test_issuer.h"

namespace signet {
namespace {

// A folder of its own for each test.
class KeyFileTest : public ::testing::Test {
 protected:
  KeyFileTest() {
    std::string name = ::testing::TempDir() + "/key_file_test.XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~KeyFileTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(absl::string_view name) const {
    return absl::StrCat(folder_, "/", name);
  }

  std::string Write(absl::string_view name, absl::string_view text,
                    mode_t mode = 0600) const {
    std::string path = Path(name);
    std::ofstream(path) << text;
    chmod(path.c_str(), mode);
    return path;
  }

  static std::string Read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  size_t CountFiles() const {
    return std::distance(std::filesystem::directory_iterator(folder_), {});
  }

 private:
  std::string folder_;
};

constexpr char kTooOpen[] =
    ": holds private keys, but others may read or change it; run \"chmod 600\" "
    "on it";

std::string PublicProblem(const KeyFile& file) {
  return std::string(LoadVerificationKeys(file, {}).status().message());
}
std::string PrivateProblem(const KeyFile& file) {
  return std::string(LoadSigningKeys(file, {}).status().message());
}

std::string PrivateJwk() {
  return ToPrivateJwk(MakeTestKey(Algorithm::kEs256, "key"));
}
std::string PublicJwk() {
  return *ToPublicJwk(MakeTestKey(Algorithm::kEs256, "key").verification_key());
}

TEST_F(KeyFileTest, LoadsJwkAndJwkSet) {
  const auto lone = LoadVerificationKeys({Write("a", PublicJwk())}, {});
  ASSERT_TRUE(lone.ok()) << lone.status();
  EXPECT_EQ(lone->front().key_id(), "key");
  const auto set = LoadVerificationKeys(
      {Write("b", absl::StrCat("{\"keys\":[", PublicJwk(), "]}\n"))}, {});
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->size(), 1U);
  EXPECT_TRUE(LoadSigningKeys({Write("c", PrivateJwk())}, {}).ok());
}

TEST_F(KeyFileTest, LoadsPemWithTheIdAndAlgorithmOfTheConfiguration) {
  KeyFile file{"tests/testdata/pem/rsa_spki.pem", KeyFile::Format::kPem,
               "my id", Algorithm::kPs256};
  const auto keys = LoadVerificationKeys(file, {});
  ASSERT_TRUE(keys.ok()) << keys.status();
  ASSERT_EQ(keys->size(), 1U);
  EXPECT_EQ(keys->front().key_id(), "my id");
  EXPECT_EQ(keys->front().algorithm(), Algorithm::kPs256);
  file.algorithm = std::nullopt;
  EXPECT_EQ(PublicProblem(file),
            "tests/testdata/pem/rsa_spki.pem: an RSA key in PEM does not say "
            "which algorithm it is for; name one, for example RS256");
}

TEST_F(KeyFileTest, BeginsErrorsWithThePath) {
  const std::string path = Write("broken", "{}");
  EXPECT_EQ(PublicProblem({path}),
            path +
                ": neither a JWK (no kty) nor a JWK Set (no array called "
                "keys)");
  EXPECT_TRUE(absl::StartsWith(PublicProblem({Path("missing")}),
                               Path("missing") + ": cannot be opened"));
  EXPECT_EQ(LoadVerificationKeys({Path("missing")}, {}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(PublicProblem({Write("pem", PublicJwk()), KeyFile::Format::kPem}),
            Path("pem") + ": not a PEM file, or a damaged one");
}

TEST_F(KeyFileTest, RefusesPrivateKeysThatOthersMayReadOrChange) {
  for (mode_t mode = 0; mode < 01000; ++mode) {
    if ((mode & 0400) == 0) continue;  // Which root may read all the same.
    const std::string path = Write("private", PrivateJwk(), mode);
    const bool refused = (mode & 027) != 0;
    EXPECT_EQ(PrivateProblem({path}), refused ? path + kTooOpen : "")
        << std::oct << mode;
    std::filesystem::remove(path);
  }
}

TEST_F(KeyFileTest, LoadsPublicKeysThatAnyoneMayRead) {
  EXPECT_EQ(PublicProblem({Write("public", PublicJwk(), 0644)}), "");
}

TEST_F(KeyFileTest, RefusesWhatIsNotAKeyFile) {
  EXPECT_EQ(PublicProblem({Path("")}), Path("") + ": is not a regular file");
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(PublicProblem({Path("pipe")}),
            Path("pipe") + ": is not a regular file");
  EXPECT_EQ(PublicProblem({"/dev/zero"}), "/dev/zero: is not a regular file");
  EXPECT_FALSE(LoadVerificationKeys({Write("empty", "")}, {}).ok());
}

TEST_F(KeyFileTest, SaysThatAFileIsPemAndNoJwk) {
  const std::string path =
      Write("key.pem", "-----BEGIN PUBLIC KEY-----\nMCow\n", 0644);
  EXPECT_EQ(PublicProblem({.path = path}),
            path + ": is PEM, not JSON; name it as a PEM file");
  chmod(path.c_str(), 0600);
  EXPECT_EQ(LoadSigningKeys({.path = path}, {}).status().message(),
            path + ": is PEM, not JSON; name it as a PEM file");
}

TEST_F(KeyFileTest, BoundsTheSizeOfKeyFiles) {
  const std::string largest = absl::StrCat(
      PublicJwk(), std::string((1 << 20) - PublicJwk().size(), ' '));
  EXPECT_EQ(PublicProblem({Write("largest", largest)}), "");
  EXPECT_EQ(PublicProblem({Write("larger", largest + " ")}),
            Path("larger") + ": is larger than 1 MiB");
}

TEST_F(KeyFileTest, SavesAKeyThatLoadsAgain) {
  for (const Algorithm algorithm : kAllAlgorithms) {
    const SigningKey key = MakeTestKey(algorithm, "saved");
    const std::string path = Path(AlgorithmName(algorithm));
    ASSERT_EQ(SaveSigningKey(key, path), absl::OkStatus());
    const auto loaded = LoadSigningKeys({path}, {});
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    EXPECT_EQ(ToPrivateJwk(loaded->front()), ToPrivateJwk(key));
  }
}

TEST_F(KeyFileTest, SavesKeysForTheOwnerAlone) {
  umask(0);
  const std::string path = Path("saved");
  ASSERT_EQ(SaveSigningKey(MakeTestKey(Algorithm::kEs256, ""), path),
            absl::OkStatus());
  struct stat info;
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U);
  EXPECT_EQ(CountFiles(), 1U);  // Nothing temporary is left behind.
}

TEST_F(KeyFileTest, NeverReplacesAFile) {
  const std::string path = Write("precious", "old");
  const absl::Status status =
      SaveSigningKey(MakeTestKey(Algorithm::kEs256, ""), path);
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Read(path), "old");
  EXPECT_EQ(CountFiles(), 1U);
  // Not even through a link that leads nowhere.
  ASSERT_EQ(symlink(Path("nowhere").c_str(), Path("link").c_str()), 0);
  EXPECT_EQ(
      SaveSigningKey(MakeTestKey(Algorithm::kEs256, ""), Path("link")).code(),
      absl::StatusCode::kAlreadyExists);
}

TEST_F(KeyFileTest, SaysWhenItCannotSave) {
  const absl::Status status = SaveSigningKey(MakeTestKey(Algorithm::kEs256, ""),
                                             Path("no such folder/key"));
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace signet
