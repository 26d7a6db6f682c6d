#include "tests/fetch/fetch_now.h"

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

#include "absl/status/status.h"
#include "fetch/curl_fetcher.h"
#include "fetch/fetch_url.h"

namespace signet {

PendingAnswer::PendingAnswer(Fetcher& fetcher, FetchRequest request) {
  fetcher.Fetch(std::move(request),
                [state = state_](absl::StatusOr<FetchAnswer> answer) {
                  const std::lock_guard lock(state->mutex);
                  EXPECT_FALSE(state->answer.has_value()) << "done twice";
                  state->answer = std::move(answer);
                  state->answered.notify_all();
                });
}

absl::StatusOr<FetchAnswer> PendingAnswer::Get() const {
  std::unique_lock lock(state_->mutex);
  const bool answered =
      state_->answered.wait_for(lock, std::chrono::minutes(1),
                                [this] { return state_->answer.has_value(); });
  EXPECT_TRUE(answered) << "never done";
  return answered ? *state_->answer : absl::UnknownError("never done");
}

absl::StatusOr<FetchAnswer> FetchNow(Fetcher& fetcher, FetchRequest request) {
  return PendingAnswer(fetcher, std::move(request)).Get();
}

FetchRequest RequestFor(const std::string& url, const FetchOptions& options) {
  return {.url = *FetchUrl::Parse(url),
          .options = std::make_shared<const FetchOptions>(options)};
}

std::unique_ptr<Fetcher> NewFetcher() { return *NewCurlFetcher(); }

}  // namespace signet
