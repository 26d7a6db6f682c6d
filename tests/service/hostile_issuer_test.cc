// What tokens come to if the server of their issuer sends what it should not:
// through a real server, a real fetcher, and all that is behind it.

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "fetch/curl_fetcher.h"
#include "gtest/gtest.h"
#include "service/event_log.h"
#include "service/remote_issuers.h"
#include "service/token_handlers.h"
#include "tests/fetch/hostile_server.h"
#include "tests/jwk_text.h"
#include "tests/remote/published_keys.h"
#include "tests/service/example_setup.h"

namespace signet {
namespace {

HostileBehaviour SendsJson(const std::string& body) {
  return [body](HostileConnection& connection, const std::string&) {
    (void)connection.Send(absl::StrCat(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ",
        body.size(), "\r\n\r\n", body));
  };
}

// A setup that knows the key "old", and then fetches once from `server`.
class FetchingOnce {
 public:
  FetchingOnce(const HostileServer& server, const std::string& source)
      : setup_(NewSetup(absl::StrCat(
            "issuers: [{issuer: \"", kProvider, "\", remote: {", source,
            "}}]\npolicies: [{name: any, kind: JWT, issuers: [\"", kProvider,
            "\"], any_audience: true}]"))) {
    setup_->remote->Adopt({.issuer = kProvider,
                           .url = server.UrlOf("/keys"),
                           .body = PublicJwkSet({"old"}),
                           .fetched = absl::Now() - absl::Hours(2)});
    setup_->remote->Start(*fetcher_, log_,
                          [](auto, auto done) { done(absl::OkStatus()); });
    std::promise<void> fetched;
    EXPECT_TRUE(setup_->remote->AwaitFetch(
        kProvider, [&fetched] { fetched.set_value(); }));
    fetched.get_future().wait();
  }
  // The fetcher's thread holds addresses of its members.
  FetchingOnce(const FetchingOnce&) = delete;
  FetchingOnce& operator=(const FetchingOnce&) = delete;
  ~FetchingOnce() {
    setup_->remote->Stop();
    fetcher_.reset();
  }

  // Which of the keys "old", "good" and "evil" verify tokens.
  std::string Trusted() const {
    const TokenHandlers handlers(setup_);
    std::string trusted;
    for (const char* key_id : {"old", "good", "evil"}) {
      v1::VerifyRequest request;
      request.set_token(SignedBy(key_id));
      request.set_policy("any");
      const auto answer = handlers.Verify(request, kNow);
      if (answer.ok() && answer->has_verified()) {
        absl::StrAppend(&trusted, trusted.empty() ? "" : " ", key_id);
      }
    }
    return trusted;
  }

 private:
  const std::shared_ptr<const ServerSetup> setup_;
  EventLog log_;
  std::unique_ptr<Fetcher> fetcher_ = NewCurlFetcher().value();
};

struct Document {
  const char* name;
  std::string body;
  const char* trusted;
};

std::string Set(const std::vector<std::string>& jwks) {
  return absl::StrCat(R"({"keys":[)", absl::StrJoin(jwks, ","), "]}");
}

std::vector<Document> BadSets() {
  const std::string good = PublicJwk("good");
  const std::string deep =
      absl::StrCat(std::string(5000, '['), std::string(5000, ']'));
  return {
      {"nothing", "", "old"},
      {"white space", "  ", "old"},
      {"a byte order mark", absl::StrCat("\xef\xbb\xbf", Set({good})), "old"},
      {"no JSON", "<html></html>", "old"},
      {"a part of a set", Set({good}).substr(0, 100), "old"},
      {"more than a set", Set({good}) + "{}", "old"},
      {"an array of keys", absl::StrCat("[", good, "]"), "old"},
      {"a lone key", good, "old"},
      {"an error", R"({"error":"server_error"})", "old"},
      {"no keys", Set({}), "old"},
      {"keys that are no array", R"({"keys":{}})", "old"},
      {"keys that are null", R"({"keys":null})", "old"},
      {"keys twice", absl::StrCat(R"({"keys":[],)", Set({good}).substr(1)),
       "old"},
      {"keys twice, once escaped",
       absl::StrCat(R"({"\u006beys":[],)", Set({good}).substr(1)), "old"},
      {"a member twice in a key",
       Set({absl::StrCat(R"({"kid":"x",)", good.substr(1))}), "old"},
      {"bytes that are not UTF-8", Set({"\"\xff\"", good}), "old"},
      {"a depth without end", Set({deep, good}), "old"},
      {"a hundred and one keys", Set(std::vector<std::string>(101, good)),
       "old"},
      {"a number too large",
       absl::StrCat(R"({"n":1e999,)", Set({good}).substr(1)), "old"},
  };
}

std::vector<Document> HalfGoodSets() {
  const std::string good = PublicJwk("good");
  const std::string evil = PublicJwk("evil");
  const auto with = [](const std::string& name, const std::string& json) {
    return Set(
        {JwkText(PublicJwk("evil")).With(name, json), PublicJwk("good")});
  };
  const std::string secret =
      absl::StrCat(R"({"kty":"oct","kid":"evil","alg":"HS256","k":")",
                   std::string(43, 'A'), R"("})");
  const std::string low_order =
      absl::StrCat("\"AQ", std::string(41, 'A'), "\"");
  return {
      {"a good set", Set({good}), "good"},
      {"a number among the keys", Set({"7", good}), "good"},
      {"two keys of one id", Set({evil, good, evil}), "good"},
      {"another key of the same id", with("kid", "\"good\""), "old"},
      {"a private key", with("d", "\"AAAA\""), "good"},
      {"a secret", Set({secret, good}), "good"},
      {"a key for encryption", with("use", "\"enc\""), "good"},
      {"a key that may only sign", with("key_ops", "[\"sign\"]"), "good"},
      {"a key for another algorithm", with("alg", "\"ES256\""), "good"},
      {"a key for none", with("alg", "\"none\""), "good"},
      {"a key for a secret's algorithm", with("alg", "\"HS256\""), "good"},
      {"a key of another kind", with("kty", "\"EC\""), "good"},
      {"a key of another curve", with("crv", "\"X25519\""), "good"},
      {"a point of low order", with("x", low_order), "good"},
      {"a key too short", with("x", "\"AAAA\""), "good"},
      {"an id that is no string", with("kid", "7"), "good"},
      {"a URL of a certificate",
       Set({JwkText(good).With("x5u", "\"http://127.0.0.1:1/\"")}), "good"},
  };
}

std::vector<Document> Metadatas(const HostileServer& server) {
  const std::string keys = server.UrlOf("/keys");
  return {
      {"good metadata", Metadata(kProvider, keys), "good"},
      {"of another issuer", Metadata("https://evil.example", keys), "old"},
      {"of the issuer with a slash", Metadata("https://id.example/", keys),
       "old"},
      {"two issuers",
       absl::StrCat(R"({"issuer":"x",)", Metadata(kProvider, keys).substr(1)),
       "old"},
      {"no issuer", absl::StrCat(R"({"jwks_uri":")", keys, R"("})"), "old"},
      {"no keys", R"({"issuer":"https://id.example"})", "old"},
      {"a file", Metadata(kProvider, "file:///etc/passwd"), "old"},
      {"http elsewhere", Metadata(kProvider, "http://192.0.2.1/keys"), "old"},
      {"a user in the URL", Metadata(kProvider, "http://u@127.0.0.1/keys"),
       "old"},
      {"nobody there", Metadata(kProvider, "http://127.0.0.1:1/keys"), "old"},
      {"a set", PublicJwkSet({"evil"}), "old"},
      {"nothing", "", "old"},
  };
}

void ExpectTrust(HostileServer& server, const Document& document,
                 const std::string& path, const std::string& source) {
  SCOPED_TRACE(document.name);
  server.On(path, SendsJson(document.body));
  EXPECT_EQ(FetchingOnce(server, source).Trusted(), document.trusted);
}

TEST(HostileIssuerTest, NeverHasItsTokensAcceptedForWhatIsNoGoodSet) {
  HostileServer server;
  const std::string source =
      absl::StrCat("jwks_url: \"", server.UrlOf("/keys"), "\"");
  for (const Document& set : BadSets()) {
    ExpectTrust(server, set, "/keys", source);
  }
}

TEST(HostileIssuerTest, HasOnlyItsUsableKeysUsed) {
  HostileServer server;
  const std::string source =
      absl::StrCat("jwks_url: \"", server.UrlOf("/keys"), "\"");
  for (const Document& set : HalfGoodSets()) {
    ExpectTrust(server, set, "/keys", source);
  }
}

TEST(HostileIssuerTest, IsBelievedOnlyAboutItself) {
  HostileServer server;
  server.On("/keys", SendsJson(PublicJwkSet({"good"})));
  const std::string source =
      absl::StrCat("discovery_url: \"", server.UrlOf(""), "\"");
  for (const Document& metadata : Metadatas(server)) {
    ExpectTrust(server, metadata, "/.well-known/openid-configuration", source);
  }
}

}  // namespace
}  // namespace signet
