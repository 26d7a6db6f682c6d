// A server with calls in flight goes from one configuration to another.

#include "service/reload/config_reloader.h"

#include <atomic>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "keys/jwk.h"
#include "keys/signing_key.h"
#include "tests/service/reload/reloadable_server.h"
#include "tests/service/running_server.h"
#include "tests/service/test_folder.h"

namespace signet {
namespace {

constexpr char kIssuerA[] = "  - {issuer: a, signing: {generate: [EdDSA]}}\n";
constexpr char kIssuerB[] = "  - {issuer: b, signing: {generate: [EdDSA]}}\n";
constexpr char kIssuerFile[] =
    "  - {issuer: f, signing: {keys: [{jwk_file: f.jwk}]}}\n";

// Issuers, and a policy that accepts those of `names` for `audience`.
std::string Config(const std::string& issuers, const std::string& names,
                   const std::string& audience = "x") {
  return absl::StrCat("issuers:\n", issuers,
                      "policies:\n  - {name: any, kind: JWT, issuers: [", names,
                      "], audiences: [", audience, "]}\n");
}

class ConfigReloaderTest : public testing::Test {
 protected:
  // Makes f.jwk one that there was not before.
  void WriteKey() const {
    folder_.Write(
        "f.jwk", ToPrivateJwk(SigningKey::Generate(Algorithm::kEdDsa).value()));
  }

  TestFolder folder_;
};

TEST_F(ConfigReloaderTest, AddsAndRemovesIssuers) {
  ReloadableServer server(folder_, Config(kIssuerA, "a"));
  const std::string token = server.Sign("a");
  EXPECT_EQ(server.Outcome(token), "verified");

  ASSERT_TRUE(
      server.Reload(Config(absl::StrCat(kIssuerA, kIssuerB), "a, b")).ok());
  EXPECT_EQ(server.Outcome(token), "verified");
  const std::string other = server.Sign("b");
  EXPECT_EQ(server.Outcome(other), "verified");

  ASSERT_TRUE(server.Reload(Config(kIssuerB, "b")).ok());
  // Though its signature is remembered.
  EXPECT_EQ(server.Outcome(token), "REJECTION_REASON_ISSUER_NOT_ACCEPTED");
  EXPECT_EQ(server.Sign("a"),
            "issuer: this server does not sign as this issuer");
  EXPECT_EQ(server.Outcome(other), "verified");

  // Its keys are still in the store.
  ASSERT_TRUE(
      server.Reload(Config(absl::StrCat(kIssuerA, kIssuerB), "a, b")).ok());
  EXPECT_EQ(server.Outcome(token), "verified");
  EXPECT_EQ(server.outcomes().succeeded, 3);
  EXPECT_EQ(server.outcomes().failed, 0);
}

TEST_F(ConfigReloaderTest, ChangesPolicies) {
  ReloadableServer server(folder_, Config(kIssuerA, "a"));
  const std::string token = server.Sign("a");
  ASSERT_TRUE(server.Reload(Config(kIssuerA, "a", "y")).ok());
  EXPECT_EQ(server.Outcome(token), "REJECTION_REASON_AUDIENCE_MISMATCH");
}

TEST_F(ConfigReloaderTest, ChangesHowAnIssuerSigns) {
  ReloadableServer server(folder_, Config(kIssuerA, "a"));
  const std::string token = server.Sign("a");
  ASSERT_TRUE(server
                  .Reload(Config("  - {issuer: a, signing: {generate: [EdDSA], "
                                 "max_lifetime: 1m}}\n",
                                 "a"))
                  .ok());
  EXPECT_EQ(server.Outcome(token), "verified");
  EXPECT_EQ(
      server.setup().Share()->issuers->FindPlan("a")->signing.max_lifetime,
      absl::Minutes(1));
}

TEST_F(ConfigReloaderTest, ReadsKeyFilesAnew) {
  WriteKey();
  const std::string config = Config(kIssuerFile, "f");
  ReloadableServer server(folder_, config);
  const std::string token = server.Sign("f");
  EXPECT_EQ(server.Outcome(token), "verified");
  WriteKey();
  EXPECT_EQ(server.Outcome(token), "verified");
  ASSERT_TRUE(server.Reload(config).ok());
  EXPECT_EQ(server.Outcome(token), "REJECTION_REASON_KEY_NOT_FOUND");
  EXPECT_EQ(server.Outcome(server.Sign("f")), "verified");
}

TEST_F(ConfigReloaderTest, ChangesWhoMayDoWhat) {
  const std::string config = Config(kIssuerA, "a");
  ReloadableServer server(folder_, config);
  const std::string token = server.Sign("a");
  ASSERT_TRUE(
      server
          .Reload(absl::StrCat(config,
                               "authorization: {grants: [{roles: [VERIFY], "
                               "callers: [{anonymous: true}]}]}\n"))
          .ok());
  EXPECT_EQ(server.Outcome(token), "verified");
  EXPECT_EQ(server.Sign("a"), "the caller may not do this");
  ASSERT_TRUE(server.Reload(config).ok());
  EXPECT_EQ(server.Outcome(server.Sign("a")), "verified");
}

TEST_F(ConfigReloaderTest, ChangesLimits) {
  ReloadableServer server(folder_, Config(kIssuerA, "a"));
  const std::shared_ptr<const ServerSetup> before = server.setup().Share();
  ASSERT_TRUE(server
                  .Reload(absl::StrCat(Config(kIssuerA, "a"),
                                       "limits: {max_batch_size: 1}\n"))
                  .ok());
  const std::shared_ptr<const ServerSetup> after = server.setup().Share();
  EXPECT_EQ(after->max_batch_size, 1);
  // What has not changed stays, with what is in it.
  EXPECT_EQ(after->tokens, before->tokens);
  ASSERT_TRUE(server
                  .Reload(absl::StrCat(Config(kIssuerA, "a"),
                                       "limits: {token_cache_bytes: 0}\n"))
                  .ok());
  EXPECT_EQ(server.setup().Share()->tokens, nullptr);
}

TEST_F(ConfigReloaderTest, KeepsRevocationsAndWhatIsCounted) {
  ReloadableServer server(folder_, Config(kIssuerA, "a"));
  const std::string token = server.Sign("a");
  std::promise<absl::Status> revoked;
  server.state().writer().Revoke(
      {{.target = RevocationTarget::kSubject,
        .issuer = "a",
        .value = "s",
        .issued_before = absl::Now() + absl::Minutes(1),
        .expires = absl::InfiniteFuture()}},
      [&](const absl::Status& status) { revoked.set_value(status); });
  ASSERT_TRUE(revoked.get_future().get().ok());
  const auto issued = server.setup().Share()->issued;
  ASSERT_TRUE(server.Reload(Config(kIssuerA, "a")).ok());
  EXPECT_EQ(server.Outcome(token), "REJECTION_REASON_REVOKED");
  EXPECT_EQ(server.setup().Share()->issued, issued);
}

TEST_F(ConfigReloaderTest, KeepsWhatThereIsIfAnythingIsWrong) {
  WriteKey();
  const std::string good = Config(absl::StrCat(kIssuerA, kIssuerFile), "a, f");
  ReloadableServer server(folder_, good);
  const std::string token = server.Sign("a");
  const std::shared_ptr<const ServerSetup> before = server.setup().Share();
  for (const auto& [config, problem] : {
           std::pair(std::string("issuers: ["), "signet.yaml:"),
           std::pair(absl::StrCat(good, "polices: []\n"), "polices"),
           std::pair(Config(kIssuerA, "a, c"), "c is not configured"),
           std::pair(
               Config("  - {issuer: a, keys: [{jwk_file: gone.jwk}]}\n", "a"),
               "gone.jwk"),
           std::pair(absl::StrCat(good, "data_folder: elsewhere\n"),
                     "data_folder: cannot change while the server runs"),
           std::pair(absl::StrCat(good, "limits: {max_batch_size: 70000}\n"),
                     "limits.max_batch_size"),
       }) {
    const absl::Status outcome = server.Reload(config);
    EXPECT_TRUE(absl::StrContains(outcome.message(), problem)) << outcome;
    EXPECT_EQ(server.setup().Share(), before);
    EXPECT_EQ(server.Outcome(token), "verified");
  }
  EXPECT_EQ(server.outcomes().failed, 6);
  EXPECT_FALSE(server.outcomes().last_succeeded);
  ASSERT_TRUE(server.Reload(good).ok());
  EXPECT_TRUE(server.outcomes().last_succeeded);
}

TEST_F(ConfigReloaderTest, DropsNoCallWhileItReloads) {
  WriteKey();
  const std::string with_b = Config(absl::StrCat(kIssuerA, kIssuerB), "a, b");
  const std::string without_b = Config(kIssuerA, "a");
  ReloadableServer server(folder_, with_b);
  const std::string token = server.Sign("a");
  std::atomic<bool> over = false;
  std::atomic<int> answers = 0;
  std::vector<std::thread> callers(3);
  for (std::thread& caller : callers) {
    caller = std::thread([&] {
      while (!over) {
        EXPECT_EQ(server.Outcome(token), "verified");
        EXPECT_EQ(server.Outcome(server.Sign("a")), "verified");
        ++answers;
      }
    });
  }
  // Two at once, too.
  std::vector<std::thread> others(2);
  for (std::thread& other : others) {
    other = std::thread([&] {
      for (int i = 0; i < 10; ++i) {
        EXPECT_TRUE(server.reloader().Reload("test").ok());
      }
    });
  }
  for (std::thread& other : others) other.join();
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(server.Reload(i % 2 == 0 ? without_b : with_b).ok());
  }
  while (answers < 100) std::this_thread::yield();
  over = true;
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(server.outcomes().succeeded, 30);
}

TEST_F(ConfigReloaderTest, AStreamGoesOnByTheNewConfiguration) {
  ReloadableServer server(folder_, Config(kIssuerA, "a"));
  v1::StreamVerifyRequest request;
  request.mutable_request()->set_token(server.Sign("a"));
  request.mutable_request()->set_policy("any");
  const auto context = NewContext();
  const auto stream = server.tokens().StreamVerify(context.get());
  v1::StreamVerifyResponse response;
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_TRUE(response.response().has_verified());
  ASSERT_TRUE(server.Reload(Config(kIssuerB, "b")).ok());
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.response().rejection().reason(),
            v1::REJECTION_REASON_ISSUER_NOT_ACCEPTED);
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ConfigReloaderTest, WhoWatchesKeysIsToldOfThem) {
  WriteKey();
  const std::string config = Config(kIssuerFile, "f");
  ReloadableServer server(folder_, config);
  v1::WatchJwksRequest request;
  request.set_issuer("f");
  const auto context = NewContext();
  const auto stream = server.keys().WatchJwks(context.get(), request);
  v1::WatchJwksResponse first;
  v1::WatchJwksResponse second;
  ASSERT_TRUE(stream->Read(&first));
  WriteKey();
  ASSERT_TRUE(server.Reload(config).ok());
  ASSERT_TRUE(stream->Read(&second));
  EXPECT_NE(second.jwks_json(), first.jwks_json());
  // Until there is nobody to watch.
  ASSERT_TRUE(server.Reload(Config(kIssuerA, "a")).ok());
  EXPECT_FALSE(stream->Read(&second));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

}  // namespace
}  // namespace signet
