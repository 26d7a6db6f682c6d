#include "service/revocation_request.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "keys/jwk.h"
#include "tests/service/example_setup.h"
#include "tests/service/message_text.h"
#include "tests/service/mint.h"
#include "tests/service/test_folder.h"
#include "tests/signer/signing_keys.h"

namespace signet {
namespace {

// A day for the longest token, and three hours for clocks.
const absl::Time kAllExpired = kNow + absl::Hours(27);

class RevocationRequest : public ::testing::Test {
 protected:
  absl::StatusOr<RevocationRecord> Read(const std::string& fields) const {
    return ReadRevocation(FromText<v1::RevokeRequest>(fields), *setup_->issuers,
                          kNow);
  }

  const std::shared_ptr<const ServerSetup> setup_ = NewExampleSetup();
};

TEST_F(RevocationRequest, NamesItsTarget) {
  const std::string issuer = "issuer: 'https://a.example'";
  EXPECT_EQ(Read(absl::StrCat("token_id: {jwt_id: 'j' ", issuer, "}")).value(),
            (RevocationRecord{.target = RevocationTarget::kTokenId,
                              .issuer = "https://a.example",
                              .value = "j",
                              .expires = kAllExpired}));
  EXPECT_EQ(Read(absl::StrCat("subject: {subject: 's' ", issuer, "}")).value(),
            (RevocationRecord{.target = RevocationTarget::kSubject,
                              .issuer = "https://a.example",
                              .value = "s",
                              .issued_before = kNow,
                              .expires = kAllExpired}));
  EXPECT_EQ(Read(absl::StrCat("key: {key_id: 'k' ", issuer, "}")).value(),
            (RevocationRecord{.target = RevocationTarget::kKey,
                              .issuer = "https://a.example",
                              .value = "k",
                              .expires = absl::InfiniteFuture()}));
  EXPECT_EQ(Read(absl::StrCat("issuer: {", issuer,
                              "} issued_before: {seconds: 5} expires: "
                              "{seconds: 1800000001}"))
                .value(),
            (RevocationRecord{.target = RevocationTarget::kIssuer,
                              .issuer = "https://a.example",
                              .issued_before = absl::FromUnixSeconds(5),
                              .expires = kNow + absl::Seconds(1)}));
}

TEST_F(RevocationRequest, KnowsHowLongATokenLives) {
  const SigningKey key = NewKey(Algorithm::kEdDsa);
  const auto read = [&](absl::string_view claims) {
    return Read(absl::StrCat("token: '", Mint(key, "JWT", claims), "'"));
  };
  EXPECT_EQ(
      read(R"({"iss":"https://a.example","jti":"j","exp":1800000060})").value(),
      (RevocationRecord{.target = RevocationTarget::kTokenId,
                        .issuer = "https://a.example",
                        .value = "j",
                        .expires = kNow + absl::Minutes(6)}));
  const auto nameless = read(R"({"iss":"https://a.example","exp":1800000060})");
  ASSERT_TRUE(nameless.ok());
  EXPECT_EQ(nameless->target, RevocationTarget::kContent);
  EXPECT_EQ(nameless->value.size(), 64);
  EXPECT_EQ(read(R"({"iss":"https://c.example","jti":"j"})").status(),
            absl::NotFoundError("issuer: this server does not know it"));
}

TEST_F(RevocationRequest, IsRefusedWithTheFieldAtFault) {
  const std::string issuer = "issuer: 'https://a.example'";
  const auto problem = [&](const std::string& fields) {
    return std::string(Read(fields).status().message());
  };
  EXPECT_EQ(problem(""),
            "target: is required: token, token_id, subject, key or issuer");
  EXPECT_EQ(problem(absl::StrCat("token_id: {", issuer, "}")),
            "token_id.jwt_id: is required");
  EXPECT_EQ(problem(absl::StrCat("subject: {", issuer, "}")),
            "subject.subject: is required");
  EXPECT_EQ(problem(absl::StrCat("key: {", issuer, "}")),
            "key.key_id: is required");
  EXPECT_EQ(problem("key: {key_id: 'k'}"),
            "issuer: this server does not know it");
  EXPECT_EQ(problem(absl::StrCat("token_id: {jwt_id: '",
                                 std::string(kMaxNameBytes + 1, 'j'), "' ",
                                 issuer, "}")),
            "target: its name has more than 1024 bytes; revoke its subject or "
            "its key instead");
  EXPECT_EQ(problem("token: 'no token'"),
            "token: the token is not three parts joined by dots");
  EXPECT_EQ(problem(absl::StrCat("issuer: {", issuer,
                                 "} issued_before: {seconds: 1800003601}")),
            "issued_before: lies in the future");
  EXPECT_EQ(problem(absl::StrCat("key: {key_id: 'k' ", issuer,
                                 "} issued_before: {seconds: 5}")),
            "issued_before: only for a subject or an issuer");
  EXPECT_EQ(problem(absl::StrCat("key: {key_id: 'k' ", issuer,
                                 "} expires: {seconds: 1800000000}")),
            "expires: has passed");
}

TEST_F(RevocationRequest, MustSayHowLongTheTokensOfOthersLive) {
  const TestFolder folder;
  folder.Write("key.jwk",
               *ToPublicJwk(NewKey(Algorithm::kEdDsa).verification_key()));
  const auto setup = NewSetup(absl::StrCat(
      "issuers: [{issuer: a, keys: [{jwk_file: ", folder.PathTo("key.jwk"),
      "}]}]"));
  const auto read = [&](const std::string& fields) {
    return ReadRevocation(FromText<v1::RevokeRequest>(fields), *setup->issuers,
                          kNow);
  };
  EXPECT_EQ(read("token_id: {issuer: 'a' jwt_id: 'j'}").status(),
            absl::InvalidArgumentError(
                "expires: is required, because Signet does not know how long "
                "these tokens live"));
  EXPECT_TRUE(read("token_id: {issuer: 'a' jwt_id: 'j'} expires: {seconds: "
                   "1800000001}")
                  .ok());
  EXPECT_TRUE(read("key: {issuer: 'a' key_id: 'k'}").ok());
}

}  // namespace
}  // namespace signet
