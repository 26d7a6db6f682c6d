#ifndef SIGNET_FETCH_FETCHER_H_
#define SIGNET_FETCH_FETCHER_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "fetch/fetch_options.h"
#include "fetch/fetch_url.h"

namespace signet {

// FetchRequest asks for a document, or whether it has changed.
struct FetchRequest {
  FetchUrl url;
  // Never null.
  std::shared_ptr<const FetchOptions> options;
  // What came with the document that one has (RFC 9110 section 8.8); both empty
  // if one has none. What could not stand in a header is not sent.
  std::string etag;
  std::string last_modified;
  MediaType media_type = MediaType::kJson;
  // Is shown as a bearer token (RFC 6750), which redirects carry to this server
  // only; empty for none.
  std::string bearer;
};

// FetchedDocument is what a server sent as what was asked for; nobody has read
// it yet. If the server did not say how long it is, it may be cut short.
struct FetchedDocument {
  std::string body;
  // For the next request; empty if the server gave none.
  std::string etag;
  std::string last_modified;
};

// FetchAnswer is what a server answered.
struct FetchAnswer {
  // nullopt: the document that one has is still good (304). Only if the request
  // sent an etag or last_modified.
  std::optional<FetchedDocument> document;
  // How long that may be used without asking again (CacheLifetime); nullopt if
  // the server does not say.
  std::optional<absl::Duration> fresh_for;
};

// Fetcher fetches documents, mostly JSON. Failures have three codes:
// - FailedPrecondition: our rules or limits refuse the answer, or the server
//   refuses the request. It stays so until the configuration or the issuer is
//   changed.
// - Unavailable: the server could not be reached, or failed. Later it may work.
// - Cancelled: the fetcher has ended.
// Messages begin with the URL without its query, say what is wrong, and quote
// nothing that a server has sent.
class Fetcher {
 public:
  using Done = std::function<void(absl::StatusOr<FetchAnswer>)>;

  Fetcher() = default;
  // Whoever waits for an answer waits for this very fetcher.
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;
  // Ends all requests first.
  virtual ~Fetcher() = default;

  // Fetch returns at once. `done` is called exactly once, on the fetcher's own
  // thread, by the end of its destruction at the latest. It must not block, and
  // may call Fetch unless it is told Cancelled. Any thread may call Fetch.
  virtual void Fetch(FetchRequest request, Done done) = 0;
};

}  // namespace signet

#endif  // SIGNET_FETCH_FETCHER_H_
