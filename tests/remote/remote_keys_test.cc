#include "remote/remote_keys.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/jwk_text.h"
#include "tests/remote/published_keys.h"

namespace signet {
namespace {

using ::testing::HasSubstr;

const absl::Time kWallNow = absl::FromUnixSeconds(1'800'000'000);
constexpr char kMetadataUrl[] =
    "https://id.example/.well-known/openid-configuration";
constexpr char kOtherMetadataUrl[] =
    "https://id.example/.well-known/oauth-authorization-server";

// An issuer's keys, and a clock.
class RemoteKeysTest : public testing::Test {
 protected:
  void Use(RemoteOptions options) {
    keys_ = std::make_unique<RemoteKeys>(std::move(options));
  }

  // What is fetched next: its URL, with the etag behind it, if one is sent;
  // "nothing", if nothing is.
  std::string Next() {
    const std::optional<FetchRequest> request = keys_->NextRequest(now_);
    if (!request) return "nothing";
    if (request->etag.empty()) return request->url.text();
    return absl::StrCat(request->url.text(), " unless ", request->etag);
  }

  // What comes of an answer: ids of keys, "no change", or what is wrong.
  std::string Take(absl::StatusOr<FetchAnswer> answer) {
    return Told(keys_->Take(std::move(answer), now_, Wall(), 1));
  }
  std::string Adopt(const JwkSetRecord& record) {
    return Told(keys_->Adopt(record, now_, Wall(), 1));
  }

  // Has the keys at kJwksUrl read from `body`.
  std::string Fetch(const std::string& body) {
    now_ = std::max(now_, keys_->due());
    EXPECT_THAT(Next(), HasSubstr(kJwksUrl));
    return Take(Sent(body));
  }

  absl::Time Wall() const { return kWallNow + (now_ - kStart); }

  static constexpr absl::Duration kStart = absl::Hours(1000);
  absl::Duration now_ = kStart;
  std::unique_ptr<RemoteKeys> keys_ =
      std::make_unique<RemoteKeys>(JwksOptions());

 private:
  static std::string Told(
      const absl::StatusOr<std::optional<KeySet>>& outcome) {
    if (!outcome.ok()) return std::string(outcome.status().message());
    if (!*outcome) return "no change";
    return absl::StrJoin(KeyIds(**outcome), " ");
  }
};

TEST_F(RemoteKeysTest, AreWhereTheMetadataSays) {
  Use(DiscoveringOptions());
  EXPECT_EQ(Next(), kMetadataUrl);
  EXPECT_EQ(Next(), "nothing") << "one request at a time";
  EXPECT_EQ(Take(Sent(Metadata(kProvider, kJwksUrl))), "no change");
  EXPECT_EQ(Next(), kJwksUrl);
  EXPECT_EQ(Take(Sent(PublicJwkSet({"a", "b"}))), "a b");
  EXPECT_EQ(Next(), "nothing");
}

TEST_F(RemoteKeysTest, AreLookedForAtTheOtherPlaceAtOnce) {
  Use(DiscoveringOptions());
  EXPECT_EQ(Next(), kMetadataUrl);
  EXPECT_EQ(Take(absl::FailedPreconditionError("404")), "404");
  EXPECT_EQ(Next(), kOtherMetadataUrl);
  EXPECT_EQ(Take(Sent(Metadata(kProvider, kJwksUrl))), "no change");
  EXPECT_EQ(Next(), kJwksUrl);
}

TEST_F(RemoteKeysTest, WaitWhenNeitherPlaceIsThere) {
  Use(DiscoveringOptions());
  for (const char* place : {kMetadataUrl, kOtherMetadataUrl}) {
    EXPECT_EQ(Next(), place);
    Take(absl::UnavailableError("away"));
  }
  EXPECT_EQ(Next(), "nothing");
  EXPECT_EQ(keys_->Inquire("a", now_), Absence::kUnknown);
  now_ += absl::Seconds(1);
  EXPECT_EQ(keys_->Inquire("a", now_), Absence::kFetching);
  EXPECT_EQ(Next(), kMetadataUrl);
}

TEST_F(RemoteKeysTest, AreNotTakenFromMetadataOfAnotherIssuer) {
  Use(DiscoveringOptions());
  Next();
  EXPECT_EQ(Take(Sent(Metadata("https://evil.example", kJwksUrl))),
            absl::StrCat(kMetadataUrl,
                         ": the metadata is about another issuer "
                         "than the configured one"));
  EXPECT_EQ(Next(), kOtherMetadataUrl);
}

TEST_F(RemoteKeysTest, FollowMetadataThatChangedOnceFetchingFails) {
  Use(DiscoveringOptions());
  Next();
  Take(Sent(Metadata(kProvider, "https://id.example/old")));
  Next();
  Take(Sent(PublicJwkSet({"a"}), "\"1\""));
  now_ = keys_->due();
  EXPECT_EQ(Next(), "https://id.example/old unless \"1\"");
  Take(absl::FailedPreconditionError("404"));
  now_ = keys_->due();
  EXPECT_EQ(Next(), kMetadataUrl);
  Take(Sent(Metadata(kProvider, "https://id.example/new")));
  EXPECT_EQ(Next(), "https://id.example/new") << "another one's etag";
  EXPECT_EQ(Take(Sent(PublicJwkSet({"b"}))), "b");
}

TEST_F(RemoteKeysTest, AreFetchedFromWhereTheyWereWhenMetadataIsAway) {
  Use(DiscoveringOptions());
  Next();
  Take(Sent(Metadata(kProvider, kJwksUrl)));
  Next();
  Take(Sent(PublicJwkSet({"a"})));
  now_ += absl::Hours(24);
  for (const char* place : {kMetadataUrl, kOtherMetadataUrl}) {
    EXPECT_EQ(Next(), place);
    Take(absl::UnavailableError("away"));
  }
  EXPECT_EQ(Next(), kJwksUrl);
  EXPECT_EQ(Take(Sent(PublicJwkSet({"b"}))), "b");
}

TEST_F(RemoteKeysTest, AreTheSameWhenNothingHasChanged) {
  Next();
  EXPECT_EQ(Take(Sent(PublicJwkSet({"a"}), "\"1\"")), "a");
  now_ = keys_->due();
  EXPECT_EQ(Next(), absl::StrCat(kJwksUrl, " unless \"1\""));
  EXPECT_EQ(Take(Unchanged()), "no change");
  EXPECT_EQ(keys_->record()->fetched, Wall());
  now_ = keys_->due();
  Next();
  EXPECT_EQ(Take(Sent(PublicJwkSet({"a"}), "\"2\"")), "no change");
  now_ = keys_->due();
  EXPECT_EQ(Next(), absl::StrCat(kJwksUrl, " unless \"2\""));
}

TEST_F(RemoteKeysTest, NothingIsUnchangedThatNeverCame) {
  Next();
  EXPECT_EQ(Take(Unchanged()),
            absl::StrCat(kJwksUrl, ": the server sent nothing"));
  Use(DiscoveringOptions());
  Next();
  EXPECT_EQ(Take(Unchanged()),
            absl::StrCat(kMetadataUrl, ": the server sent nothing"));
}

TEST_F(RemoteKeysTest, AreLeftOutIfTheyCannotBeUsed) {
  const std::string good = PublicJwk("good");
  const std::string rsa = PublicText(Algorithm::kRs256).text();
  const std::string unusable[] = {
      "7",
      R"({"kid":"no kty"})",
      PrivateText(Algorithm::kEs256).text(),
      PrivateText(Algorithm::kHs256).text(),
      PublicText(Algorithm::kRs256).Without("alg"),
      PublicText(Algorithm::kRs256).With("alg", "\"none\""),
      PublicText(Algorithm::kRs256).With("alg", "\"HS256\""),
      PublicText(Algorithm::kRs256).With("alg", "\"ES256\""),
      PublicText(Algorithm::kRs256).With("e", "\"Ag\""),
      PublicText(Algorithm::kEs256).With("crv", "\"P-384\""),
      PublicText(Algorithm::kEs256).With("x", "\"AA\""),
      PublicText(Algorithm::kEs256).With("key_ops", "[\"sign\"]"),
      PublicJwk("twin") + "," + PublicJwk("twin"),
  };
  for (const std::string& jwk : unusable) {
    Use(JwksOptions());
    EXPECT_EQ(Fetch(absl::StrCat(R"({"keys":[)", jwk, ",", good, "]}")), "good")
        << jwk;
    EXPECT_GE(keys_->unusable(), 1) << jwk;
  }
  Use(JwksOptions());
  const std::string for_encryption =
      PublicText(Algorithm::kRs256).With("use", "\"enc\"");
  EXPECT_EQ(Fetch(absl::StrCat(R"({"keys":[)", for_encryption, ",", good, ",",
                               rsa, "]}")),
            "good key");
  EXPECT_EQ(keys_->unusable(), 0);
}

TEST_F(RemoteKeysTest, StayWhatTheyWereIfNothingGoodComes) {
  EXPECT_EQ(Fetch(PublicJwkSet({"a"})), "a");
  std::string many = PublicJwk("0");
  for (int i = 1; i <= 100; ++i) {
    absl::StrAppend(&many, ",", PublicJwk(absl::StrCat(i)));
  }
  const std::string jwk = PublicJwk("a");
  for (const std::string& body :
       {std::string(), std::string("<html>"), std::string("[]"),
        std::string(R"({"keys":{}})"), std::string(R"({"keys":[]})"),
        std::string(R"({"keys":[7]})"), PublicJwk("lone"),
        absl::StrCat(R"({"keys":[],"keys":[)", jwk, "]}"),
        absl::StrCat(R"({"keys":[)", jwk, "]"),
        absl::StrCat(R"({"keys":[)", jwk, "]} "), "\xef\xbb\xbf" + jwk,
        absl::StrCat(R"({"keys":[)", many, "]}"),
        absl::StrCat(R"({"keys":[)", PrivateText(Algorithm::kHs256).text(),
                     "]}")}) {
    now_ = std::max(now_, keys_->due());
    Next();
    if (body == absl::StrCat(R"({"keys":[)", jwk, "]} ")) {
      EXPECT_EQ(Take(Sent(body)), "a") << "white space is no fault";
      continue;
    }
    EXPECT_THAT(Take(Sent(body)), HasSubstr(absl::StrCat(kJwksUrl, ": ")))
        << body;
    EXPECT_TRUE(keys_->record().has_value());
    EXPECT_FALSE(keys_->Expire(now_));
  }
}

TEST_F(RemoteKeysTest, MayNotBeThereForCertainOnlyWhenJustFetched) {
  EXPECT_EQ(keys_->Inquire("x", now_), Absence::kFetching);
  EXPECT_EQ(Fetch(PublicJwkSet({"a"})), "a");
  EXPECT_EQ(keys_->Inquire("x", now_), Absence::kFetching);
  EXPECT_EQ(Next(), kJwksUrl);
  EXPECT_EQ(keys_->Inquire("y", now_), Absence::kFetching);
  EXPECT_EQ(Take(Sent(PublicJwkSet({"a"}))), "no change");
  EXPECT_EQ(keys_->Inquire("x", now_), Absence::kCertain);
  EXPECT_EQ(keys_->Inquire("y", now_), Absence::kCertain);
  EXPECT_EQ(Next(), "nothing");
}

TEST_F(RemoteKeysTest, AreSoughtOncePerCooldownAndNotAgainInVain) {
  Fetch(PublicJwkSet({"a"}));
  EXPECT_EQ(keys_->Inquire("x", now_), Absence::kFetching);
  EXPECT_EQ(Fetch(PublicJwkSet({"a"})), "no change");
  now_ += absl::Seconds(30);
  EXPECT_EQ(keys_->Inquire("x", now_), Absence::kCertain) << "remembered";
  EXPECT_EQ(Next(), "nothing");
  EXPECT_EQ(keys_->Inquire("y", now_), Absence::kFetching);
  EXPECT_EQ(Fetch(PublicJwkSet({"a"})), "no change");
  now_ += absl::Seconds(300);
  EXPECT_EQ(keys_->Inquire("x", now_), Absence::kFetching) << "forgotten";
}

TEST_F(RemoteKeysTest, AreSoughtAnewOnceOthersHaveCome) {
  Fetch(PublicJwkSet({"a"}));
  EXPECT_EQ(keys_->Inquire("x", now_), Absence::kFetching);
  Fetch(PublicJwkSet({"a"}));
  now_ += absl::Seconds(60);
  Fetch(PublicJwkSet({"b"}));
  EXPECT_EQ(keys_->Inquire("x", now_), Absence::kFetching);
}

TEST_F(RemoteKeysTest, AreUnknownIfTheyCannotBeFetched) {
  Fetch(PublicJwkSet({"a"}));
  EXPECT_EQ(keys_->Inquire("x", now_), Absence::kFetching);
  Next();
  Take(absl::UnavailableError("away"));
  EXPECT_EQ(keys_->Inquire("x", now_), Absence::kUnknown);
}

TEST_F(RemoteKeysTest, AreNotKnownToBeAbsentBetweenTwoRequests) {
  Use(DiscoveringOptions());
  ASSERT_EQ(Adopt(JwkSetRecord{.issuer = kProvider,
                               .url = kJwksUrl,
                               .body = PublicJwkSet({"a"}),
                               .fetched = Wall()}),
            "a");
  EXPECT_EQ(keys_->Inquire("x", now_), Absence::kFetching);
  EXPECT_EQ(Next(), kMetadataUrl);
  Take(absl::UnavailableError("away"));
  EXPECT_EQ(keys_->Inquire("x", now_), Absence::kFetching);
  EXPECT_EQ(Next(), kOtherMetadataUrl);
  Take(absl::UnavailableError("away"));
  EXPECT_EQ(keys_->Inquire("x", now_), Absence::kUnknown);
}

TEST_F(RemoteKeysTest, ExpireOnceTheyAreTooOldAndComeBack) {
  Use(JwksOptions());
  Next();
  EXPECT_EQ(Take(Sent(PublicJwkSet({"a"}), "\"1\"")), "a");
  now_ += absl::Hours(24);
  EXPECT_FALSE(keys_->Expire(now_));
  now_ += absl::Nanoseconds(1);
  EXPECT_TRUE(keys_->Expire(now_));
  EXPECT_FALSE(keys_->Expire(now_)) << "once";
  EXPECT_EQ(keys_->Inquire("a", now_), Absence::kFetching);
  EXPECT_EQ(Next(), absl::StrCat(kJwksUrl, " unless \"1\""));
  EXPECT_EQ(Take(Unchanged()), "a");
}

TEST_F(RemoteKeysTest, AreAdoptedFromARecordThatIsNewer) {
  const JwkSetRecord record = {kProvider, kJwksUrl, PublicJwkSet({"a"}),
                               "\"1\"",   "",       Wall() - absl::Hours(23)};
  EXPECT_EQ(Adopt(record), "a");
  EXPECT_EQ(Adopt(record), "no change") << "not newer";
  EXPECT_EQ(Next(), absl::StrCat(kJwksUrl, " unless \"1\"")) << "due at once";
  Take(absl::UnavailableError("away"));
  now_ += absl::Hours(1) + absl::Nanoseconds(1);
  EXPECT_TRUE(keys_->Expire(now_)) << "its age counts";
}

TEST_F(RemoteKeysTest, AreNotAdoptedIfTooOldOrFromElsewhere) {
  const JwkSetRecord good = {kProvider, kJwksUrl, PublicJwkSet({"a"}),
                             "",        "",       Wall()};
  JwkSetRecord old = good;
  old.fetched = Wall() - absl::Hours(25);
  EXPECT_EQ(Adopt(old), "no change");
  JwkSetRecord elsewhere = good;
  elsewhere.url = "https://evil.example/keys";
  EXPECT_EQ(Adopt(elsewhere), "no change");
  JwkSetRecord unreadable = good;
  unreadable.body = "{}";
  EXPECT_THAT(Adopt(unreadable), HasSubstr("no array called keys"));
  Use(DiscoveringOptions());
  JwkSetRecord plain = good;
  plain.url = "http://127.0.0.1/keys";
  EXPECT_EQ(Adopt(plain), "no change");
  EXPECT_EQ(Adopt(good), "a");
}

}  // namespace
}  // namespace signet
