#include "tests/remote/faulty_provider.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tests/remote/published_keys.h"

namespace signet {

FaultyProvider::Sets::Sets() : evil(PublicJwkSet({"evil"})) {
  for (int i = 0; i < kKeys; ++i) {
    const std::string key_id = absl::StrCat("key", i);
    alone[key_id] = PublicJwkSet({key_id});
    with_twins[key_id] = PublicJwkSet({key_id, "twin", "twin"});
  }
}

FaultyProvider::FaultyProvider(std::mt19937& random, const Sets& sets)
    : random_(random), sets_(sets) {
  Rotate();
}

void FaultyProvider::Rotate() {
  key_ids_.push_back(absl::StrCat("key", random_() % Sets::kKeys));
}

std::string FaultyProvider::Etag() const {
  return absl::StrCat("\"", key_ids_.size(), "\"");
}

absl::StatusOr<FetchAnswer> FaultyProvider::AnswerWell(
    const FetchRequest& request) const {
  if (request.url.text() != kJwksUrl) {
    return Sent(Metadata(kProvider, kJwksUrl));
  }
  if (request.etag == Etag()) return Unchanged();
  return Sent(sets_.alone.at(key_ids_.back()), Etag(), absl::Minutes(10));
}

absl::StatusOr<FetchAnswer> FaultyProvider::AnswerBadly(
    const FetchRequest& request) {
  switch (random_() % 12) {
    case 0:
      return absl::UnavailableError("away");
    case 1:
      return absl::FailedPreconditionError("redirects to another host");
    case 2:
      return Sent("");
    case 3:
      return Sent("<html>", Etag());
    case 4:
      return Sent(sets_.evil.substr(0, random_() % sets_.evil.size()));
    case 5:
      return Sent(R"({"keys":[]})", Etag());
    case 6:
      return Sent(absl::StrCat(R"({"keys":[],)", sets_.evil.substr(1)));
    case 7:
      return Unchanged();  // True or not.
    case 8: {              // Lives for no time, or forever.
      absl::StatusOr<FetchAnswer> answer = AnswerWell(request);
      answer->fresh_for =
          random_() % 2 == 0 ? absl::ZeroDuration() : absl::InfiniteDuration();
      return answer;
    }
    case 9:
      return AnswerWell(request);
    default:
      return request.url.text() == kJwksUrl ? AnswerKeysBadly()
                                            : AnswerMetadataBadly();
  }
}

absl::StatusOr<FetchAnswer> FaultyProvider::AnswerMetadataBadly() {
  switch (random_() % 4) {
    case 0:  // Keys, where they should not be.
      return Sent(sets_.evil);
    case 1:
      return Sent(Metadata("https://evil.example", "https://evil.example"));
    case 2:
      return Sent(Metadata("https://evil.example/", "https://evil.example/k"));
    default:
      return Sent(Metadata(kProvider, "http://id.example/keys"));
  }
}

absl::StatusOr<FetchAnswer> FaultyProvider::AnswerKeysBadly() {
  switch (random_() % 4) {
    case 0:
      return Sent(Metadata(kProvider, kJwksUrl));
    case 1:
      return Sent(R"({"keys":[{"kty":"oct","k":"AAAA","alg":"HS256"}]})");
    case 2:
      return Sent(Metadata("https://evil.example/", "https://evil.example/k"));
    default:
      return Sent(sets_.with_twins.at(key_ids_.back()));
  }
}

}  // namespace signet
