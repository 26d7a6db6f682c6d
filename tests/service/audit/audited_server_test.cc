// What a server writes to its audit log, and what it does when it cannot.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/service/server_process.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

using grpc::StatusCode;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr char kConfig[] = R"(
listen: {address: "127.0.0.1:0"}
issuers:
  - issuer: a
    signing:
      generate: [EdDSA]
      rotation: {period: 1h, publish_ahead: 1s, jwks_max_age: 1s}
policies:
  - {name: any, kind: JWT, issuers: [a], any_audience: true}
)";

std::vector<std::string> LinesOf(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

class AuditedServerTest : public testing::Test {
 protected:
  // Starts a server with this audit log, and this in its configuration.
  ServerProcess Start(const std::string& file,
                      const std::string& more = "") const {
    folder_.Write("signet.yaml",
                  absl::StrCat(kConfig, "audit: {file: ", file, "}\n", more));
    return ServerProcess(folder_.PathTo("signet.yaml"),
                         folder_.PathTo("log.txt"));
  }
  std::vector<std::string> Lines() const {
    return LinesOf(folder_.PathTo("audit.log"));
  }

  TestFolder folder_;
};

TEST_F(AuditedServerTest, WritesALineForEachThatSignsRevokesOrRotates) {
  const ServerProcess server = Start("audit.log");
  EXPECT_EQ(ModeOf(folder_.PathTo("audit.log")), 0600);
  v1::SignResponse signed_token;
  ASSERT_TRUE(server.Sign(signed_token).ok());
  const std::string& jti = signed_token.content().claims().token_id();
  const std::string& key_id = signed_token.content().header().key_id();
  ASSERT_EQ(Lines().size(), 1);
  EXPECT_THAT(
      Lines()[0],
      AllOf(HasSubstr(R"("caller":"anonymous","peer":"ipv4:127.0.0.1:)"),
            HasSubstr(R"("action":"Sign","outcome":"OK","issuer":"a")"),
            HasSubstr(absl::StrCat(R"("key_id":")", key_id, R"(","jti":")", jti,
                                   R"("})"))));

  EXPECT_EQ(server.Outcome(signed_token.token()), "verified");
  EXPECT_EQ(server.Keys().size(), 2);
  EXPECT_EQ(Lines().size(), 1) << "looking changes nothing";

  ASSERT_TRUE(server.Revoke(signed_token.token()).ok());
  ASSERT_EQ(Lines().size(), 2);
  EXPECT_THAT(Lines()[1],
              HasSubstr(absl::StrCat(
                  R"("action":"Revoke","outcome":"OK","issuer":"a","jti":")",
                  jti, R"("})")));

  EXPECT_FALSE(server.RevokeKey("no such key").ok());
  ASSERT_EQ(Lines().size(), 3);
  EXPECT_THAT(Lines()[2],
              AllOf(HasSubstr(R"("action":"RevokeKey","outcome":"NOT_FOUND")"),
                    HasSubstr(R"("key_id":"no such key","request_id":")")));
  EXPECT_FALSE(server.SignWith("RS256", signed_token).ok());
  ASSERT_EQ(Lines().size(), 4);
  EXPECT_THAT(Lines()[3], AllOf(HasSubstr(R"("action":"Sign")"),
                                Not(HasSubstr(R"("outcome":"OK")"))));

  // The next key first has to be published for long enough.
  v1::RotateKeyResponse rotated;
  while (!server.RotateKey("EdDSA", rotated).ok()) {
    EXPECT_THAT(Lines().back(),
                AllOf(HasSubstr(R"("action":"RotateKey")"),
                      HasSubstr(R"("outcome":"FAILED_PRECONDITION")")));
  }
  EXPECT_THAT(
      Lines().back(),
      AllOf(HasSubstr(R"("action":"RotateKey","outcome":"OK","issuer":"a")"),
            HasSubstr(R"("key_id":")")));

  for (const std::string& line : Lines()) {
    EXPECT_THAT(line, Not(HasSubstr("eyJ"))) << "has a token";
  }
}

TEST_F(AuditedServerTest, WritesALineForEachCallThatIsDenied) {
  const ServerProcess server = Start("audit.log", R"(
authorization:
  grants:
    - roles: [VERIFY]
      callers: [anonymous: true]
)");
  EXPECT_EQ(server.Outcome("x"), "MALFORMED");
  EXPECT_EQ(Lines().size(), 0);
  v1::SignResponse response;
  EXPECT_EQ(server.Sign(response).error_code(), StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(server.RevokeKey("k").error_code(), StatusCode::PERMISSION_DENIED);
  ASSERT_EQ(Lines().size(), 2);
  EXPECT_THAT(
      Lines()[0],
      AllOf(HasSubstr(R"("caller":"anonymous")"),
            HasSubstr(R"("action":"Sign","outcome":"PERMISSION_DENIED")"),
            Not(HasSubstr("issuer"))));
  EXPECT_THAT(Lines()[1],
              HasSubstr(
                  R"("action":"RevokeKey","outcome":"PERMISSION_DENIED")"));
}

TEST_F(AuditedServerTest, SignsNothingThatItCannotWriteDown) {
  const ServerProcess server = Start("/dev/full");
  v1::SignResponse response;
  const grpc::Status status = server.Sign(response);
  EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(status.error_message(), "the audit log cannot be written");
  EXPECT_EQ(response.ByteSizeLong(), 0);
  EXPECT_TRUE(server.HasLogged("audit.failing"));
  for (const std::string& line : LinesOf(folder_.PathTo("log.txt"))) {
    EXPECT_THAT(line, Not(HasSubstr(R"("request_id":"")"))) << "has no name";
  }
  // What protects somebody is done all the same.
  const std::vector<v1::SigningKey> keys = server.Keys();
  ASSERT_FALSE(keys.empty());
  EXPECT_TRUE(server.RevokeKey(keys[0].key_id()).ok());
}

TEST_F(AuditedServerTest, SignsAgainOnceItCan) {
  const ServerProcess server = Start("audit.log");
  const std::string path = folder_.PathTo("audit.log");
  ASSERT_EQ(std::remove(path.c_str()), 0);
  folder_.Write("audit.log", "", 0666);
  v1::SignResponse response;
  EXPECT_EQ(server.Sign(response).error_code(), StatusCode::UNAVAILABLE);
  ASSERT_EQ(std::remove(path.c_str()), 0);
  EXPECT_TRUE(server.Sign(response).ok());
  EXPECT_EQ(Lines().size(), 1);
}

TEST_F(AuditedServerTest, LosesNoLineToRenames) {
  constexpr int kThreads = 4;
  constexpr int kTokens = 100;
  const ServerProcess server = Start("audit.log");
  std::atomic<int> running{kThreads};
  std::vector<std::vector<std::string>> ids(kThreads);
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kTokens; ++i) {
        v1::SignResponse response;
        EXPECT_TRUE(server.Sign(response).ok());
        ids[static_cast<size_t>(thread)].push_back(
            response.content().claims().token_id());
      }
      --running;
    });
  }
  std::vector<std::string> files = {folder_.PathTo("audit.log")};
  while (running > 0) {
    const std::string old = folder_.PathTo(absl::StrCat("old-", files.size()));
    if (std::rename(files[0].c_str(), old.c_str()) == 0) files.push_back(old);
  }
  for (std::thread& thread : threads) thread.join();

  std::string text;
  int lines = 0;
  for (const std::string& file : files) {
    for (const std::string& line : LinesOf(file)) {
      EXPECT_TRUE(absl::EndsWith(line, "\"}")) << line;
      text.append(line);
      ++lines;
    }
  }
  EXPECT_GT(files.size(), 2);
  EXPECT_EQ(lines, kThreads * kTokens);
  for (const auto& its : ids) {
    for (const std::string& id : its) EXPECT_TRUE(absl::StrContains(text, id));
  }
}

}  // namespace
}  // namespace signet
