#include "service/http/introspection.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "service/http/http_error.h"
#include "service/http/introspection_answer.h"
#include "signer/jwt_signer.h"

namespace signet {
namespace {

// Whether the Accept field names the media type of signed answers. It has no
// wildcard: who has never heard of them could not read one.
bool AcceptsSigned(const HttpRequest& request) {
  const std::string* const accept = FindField(request.fields, "Accept");
  if (accept == nullptr) return false;
  return absl::c_any_of(
      absl::StrSplit(*accept, ','), [](absl::string_view range) {
        const absl::string_view type = range.substr(0, range.find(';'));
        return absl::EqualsIgnoreCase(
            absl::StripAsciiWhitespace(type),
            absl::StrCat("application/", kIntrospectionType));
      });
}

HttpResponse Success(const std::string& content_type, std::string body) {
  return {.status = 200,
          .fields = {{"Content-Type", content_type},
                     {"Cache-Control", "no-store"},
                     {"Vary", "Accept"}},
          .body = std::move(body)};
}

}  // namespace

HttpResponse Introspection::Answer(const HttpRequest& request,
                                   const std::string& token,
                                   const HttpClient& client,
                                   absl::Time now) const {
  v1::IntrospectRequest message;
  message.set_token(token);
  message.set_policy(client.policy);
  const absl::StatusOr<v1::IntrospectResponse> response =
      handlers_.Introspect(message, now);
  if (!response.ok()) return FailureResponse(response.status());
  std::string answer = IntrospectionAnswer(*response);
  if (!AcceptsSigned(request) || !signer_) {
    return Success("application/json", std::move(answer));
  }
  absl::StatusOr<std::string> signed_answer = Sign(answer, client, now);
  if (!signed_answer.ok()) return FailureResponse(signed_answer.status());
  return Success(absl::StrCat("application/", kIntrospectionType),
                 *std::move(signed_answer));
}

absl::StatusOr<std::string> Introspection::Sign(const std::string& answer,
                                                const HttpClient& client,
                                                absl::Time now) const {
  const absl::Status fresh = setup_->freshness->CheckSigning();
  if (!fresh.ok()) return fresh;
  const absl::StatusOr<std::shared_ptr<const JwtSigner>> signer =
      setup_->issuers->FindSigner(signer_->issuer);
  if (!signer.ok()) return signer.status();
  return (*signer)->SignIntrospection(client.id, answer, signer_->algorithm,
                                      now);
}

}  // namespace signet
