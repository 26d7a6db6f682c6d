#ifndef SIGNET_FETCH_CURL_FETCHER_H_
#define SIGNET_FETCH_CURL_FETCHER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "fetch/fetch_queue.h"
#include "fetch/fetcher.h"

namespace signet {

// NewCurlFetcher returns a Fetcher that speaks HTTP/1.1 through libcurl, on one
// thread for all requests. It keeps nothing between requests: no connection, no
// TLS session, no cookie, no address. It uses no proxy and no credentials,
// whatever the environment says. FailedPrecondition if this libcurl cannot
// resolve names without blocking.
absl::StatusOr<std::unique_ptr<Fetcher>> NewCurlFetcher(
    const FetchCapacity& capacity = FetchCapacity());

}  // namespace signet

#endif  // SIGNET_FETCH_CURL_FETCHER_H_
