#include "service/reload/file_marks.h"

#include <filesystem>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "service/yaml/yaml_config.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

namespace fs = std::filesystem;

TEST(FileMarksTest, AreTheSameUntilTheFileChanges) {
  const TestFolder folder;
  folder.Write("a", "one");
  const FileMark before = MarkFile(folder.PathTo("a"));
  EXPECT_EQ(MarkFile(folder.PathTo("a")), before);
  folder.Write("a", "other");
  EXPECT_NE(MarkFile(folder.PathTo("a")), before);
}

TEST(FileMarksTest, TellAFileThatWasRenamedIntoPlace) {
  const TestFolder folder;
  folder.Write("a", "one");
  folder.Write("b", "two");
  // As old, and as long.
  fs::last_write_time(folder.PathTo("b"),
                      fs::last_write_time(folder.PathTo("a")));
  const FileMark before = MarkFile(folder.PathTo("a"));
  fs::rename(folder.PathTo("b"), folder.PathTo("a"));
  EXPECT_NE(MarkFile(folder.PathTo("a")), before);
}

// As Kubernetes does it: a -> ..data/a, ..data -> ..one.
TEST(FileMarksTest, TellAFolderThatWasSwitchedBehindALink) {
  const TestFolder folder;
  for (const char* name : {"..one", "..two"}) {
    fs::create_directory(folder.PathTo(name));
    folder.Write(std::string(name) + "/a", "same");
  }
  fs::create_symlink("..one", folder.PathTo("..data"));
  fs::create_symlink("..data/a", folder.PathTo("a"));
  const FileMark before = MarkFile(folder.PathTo("a"));
  fs::create_symlink("..two", folder.PathTo("..new"));
  fs::rename(folder.PathTo("..new"), folder.PathTo("..data"));
  EXPECT_NE(MarkFile(folder.PathTo("a")), before);
}

TEST(FileMarksTest, TellAFileThatComesAndGoes) {
  const TestFolder folder;
  const FileMark none = MarkFile(folder.PathTo("a"));
  folder.Write("a", "");
  const std::vector<FileMark> there = MarkAgain({none});
  EXPECT_NE(there.front(), none);
  fs::remove(folder.PathTo("a"));
  EXPECT_EQ(MarkAgain(there).front(), none);
}

TEST(FileMarksTest, FindAllFilesThatAConfigurationNames) {
  const auto config = ParseServerConfig(R"(
listen: {tls: {certificate_file: server.pem}}
issuers:
  - {issuer: a, keys: [{jwk_file: /a.jwk}, {pem_file: a.pem, key_id: k}]}
  - {issuer: b, remote: {jwks_url: "https://b.example/", ca_file: ca.pem}}
http: {clients: [{client_id: c, secret_file: c.secret}]}
)",
                                        "signet.yaml");
  EXPECT_EQ(FilesNamedIn(*config, "/f"),
            (std::vector<std::string>{"/f/server.pem", "/a.jwk", "/f/a.pem",
                                      "/f/ca.pem", "/f/c.secret"}));
}

}  // namespace
}  // namespace signet
