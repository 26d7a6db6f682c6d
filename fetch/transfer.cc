#include "fetch/transfer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "fetch/cache_lifetime.h"
#include "fetch/response_head.h"

namespace signet {
namespace {

constexpr int kNotModified = 304;

bool IsRedirect(int status) {
  constexpr std::array<int, 5> kRedirects = {301, 302, 303, 307, 308};
  return std::find(kRedirects.begin(), kRedirects.end(), status) !=
         kRedirects.end();
}

std::string ValidatorOrNone(const std::string& value) {
  return IsValidator(value) ? value : "";
}

}  // namespace

Transfer::Transfer(FetchRequest request, Fetcher::Done done)
    : request_(std::move(request)),
      done_(std::move(done)),
      url_(request_.url) {}

absl::Status Transfer::Start() {
  started_ = Clock::now();
  return StartExchange();
}

absl::Status Transfer::StartExchange() {
  const absl::Duration left = request_.options->limits.timeout -
                              absl::FromChrono(Clock::now() - started_);
  absl::StatusOr<std::unique_ptr<HttpExchange>> exchange =
      HttpExchange::Make(url_, request_, left);
  if (!exchange.ok()) return exchange.status();
  exchange_ = *std::move(exchange);
  return absl::OkStatus();
}

std::optional<Transfer::Outcome> Transfer::Proceed(CURLcode result) {
  absl::StatusOr<HttpResponse> response = exchange_->End(result);
  exchange_.reset();
  if (!response.ok()) return response.status();
  if (!IsRedirect(response->head.status())) return Read(*std::move(response));
  absl::Status redirected = Redirect(response->head);
  if (!redirected.ok()) return redirected;
  return std::nullopt;
}

absl::Status Transfer::Redirect(const ResponseHead& head) {
  if (redirects_ == request_.options->limits.max_redirects) {
    return absl::FailedPreconditionError(
        absl::StrCat("redirects more than ", redirects_, " times"));
  }
  if (head.location().empty()) {
    return absl::FailedPreconditionError("a redirect does not say where to");
  }
  ++redirects_;
  absl::StatusOr<FetchUrl> url = url_.Resolve(head.location());
  if (!url.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("a redirect ", url.status().message(),
                     "; configure the URL that is meant"));
  }
  url_ = *std::move(url);
  return StartExchange();
}

bool Transfer::HasValidators() const {
  return IsValidator(request_.etag) || IsValidator(request_.last_modified);
}

Transfer::Outcome Transfer::Read(HttpResponse response) const {
  const ResponseHead& head = response.head;
  FetchAnswer answer;
  answer.fresh_for = CacheLifetime(head.cache(), absl::Now());
  if (head.status() == kNotModified && HasValidators()) return answer;
  absl::Status status = CheckStatus(head.status());
  if (!status.ok()) return status;
  absl::Status type = CheckMediaType(head, request_.media_type);
  if (!type.ok()) return type;
  answer.document = {.body = std::move(response.body),
                     .etag = ValidatorOrNone(head.etag()),
                     .last_modified = ValidatorOrNone(head.last_modified())};
  return answer;
}

void Transfer::Finish(Outcome outcome) {
  if (!outcome.ok()) outcome = AtUrl(request_.url, outcome.status());
  done_(std::move(outcome));
}

}  // namespace signet
