#ifndef SIGNET_TESTS_FETCH_FETCH_NOW_H_
#define SIGNET_TESTS_FETCH_FETCH_NOW_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "fetch/fetcher.h"

namespace signet {

// PendingAnswer is a request that has been made, and can be waited for.
class PendingAnswer {
 public:
  PendingAnswer(Fetcher& fetcher, FetchRequest request);

  // Get waits for the answer. It fails the test, and returns Unknown, if none
  // comes within a minute.
  absl::StatusOr<FetchAnswer> Get() const;

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable answered;
    std::optional<absl::StatusOr<FetchAnswer>> answer;
  };

  std::shared_ptr<State> state_ = std::make_shared<State>();
};

// FetchNow waits for the answer to `request`.
absl::StatusOr<FetchAnswer> FetchNow(Fetcher& fetcher, FetchRequest request);

// RequestFor returns a request for `url`, which must be one that may be
// fetched.
FetchRequest RequestFor(const std::string& url,
                        const FetchOptions& options = FetchOptions());

// NewFetcher returns a new fetcher through libcurl.
std::unique_ptr<Fetcher> NewFetcher();

}  // namespace signet

#endif  // SIGNET_TESTS_FETCH_FETCH_NOW_H_
