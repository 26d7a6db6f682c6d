#ifndef SIGNET_FETCH_TRANSFER_H_
#define SIGNET_FETCH_TRANSFER_H_

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "fetch/fetch_url.h"
#include "fetch/fetcher.h"
#include "fetch/http_exchange.h"

namespace signet {

// Transfer is a request on its way: one exchange after another, as long as the
// server redirects within its limits. libcurl's multi interface runs them.
class Transfer {
 public:
  using Outcome = absl::StatusOr<FetchAnswer>;

  Transfer(FetchRequest request, Fetcher::Done done);
  // Its exchange holds its address.
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // host is what it shares with others that it might keep waiting.
  std::string host() const { return request_.url.origin(); }

  // Start makes the first exchange, from when on time counts.
  absl::Status Start();

  // handle is that of the exchange that is to be run; null if there is none.
  CURL* handle() const {
    return exchange_ == nullptr ? nullptr : exchange_->handle();
  }

  // Proceed takes note that the exchange has ended with `result`. It returns
  // the outcome; or nullopt, when there is another exchange to be run.
  std::optional<Outcome> Proceed(CURLcode result);

  // Finish tells the outcome to whoever asked. Called once, and last.
  void Finish(Outcome outcome);

 private:
  using Clock = std::chrono::steady_clock;

  absl::Status StartExchange();
  absl::Status Redirect(const ResponseHead& head);
  Outcome Read(HttpResponse response) const;
  bool HasValidators() const;

  const FetchRequest request_;
  Fetcher::Done done_;
  // Of the exchange.
  FetchUrl url_;
  int redirects_ = 0;
  Clock::time_point started_;
  std::unique_ptr<HttpExchange> exchange_;
};

}  // namespace signet

#endif  // SIGNET_FETCH_TRANSFER_H_
