#ifndef SIGNET_FETCH_FETCH_URL_H_
#define SIGNET_FETCH_FETCH_URL_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace signet {

// Where http, without TLS, may lead: to this machine (127.0.0.0/8, ::1 and
// "localhost", which libcurl does not ask a resolver for), or anywhere.
enum class PlainHttp { kToLoopbackOnly, kAllowed };

enum class UrlScheme { kHttp, kHttps };

// FetchUrl is an absolute http or https URL (RFC 3986) that may be fetched. It
// has one meaning only: no user information, no fragment, no character that
// anybody might read in another way, and a host that is a name, an IPv4 address
// of four decimal numbers, or an IPv6 address in brackets.
class FetchUrl {
 public:
  static constexpr size_t kMaxBytes = 2048;

  // Parse reads an absolute URL. Errors are InvalidArgument, and say what is
  // wrong without quoting it.
  static absl::StatusOr<FetchUrl> Parse(
      absl::string_view url, PlainHttp plain_http = PlainHttp::kToLoopbackOnly);

  // Resolve reads what this URL's host refers to (RFC 3986 section 4.1), as in
  // a Location header. FailedPrecondition unless it leads to the same scheme,
  // host and port.
  absl::StatusOr<FetchUrl> Resolve(absl::string_view reference) const;

  UrlScheme scheme() const { return scheme_; }
  // host is in lower case; an IPv6 address is canonical, and without brackets.
  const std::string& host() const { return host_; }
  int port() const { return port_; }
  // path begins with "/".
  const std::string& path() const { return path_; }
  // query is what follows the path, with its "?"; empty if there is none.
  const std::string& query() const { return query_; }

  // origin is the scheme, host and port (RFC 6454), the port always there.
  std::string origin() const;
  // text is the whole URL; a port is there unless it is the scheme's own.
  std::string text() const;
  // TextForLog is the URL without its query, where secrets might be.
  std::string TextForLog() const;

 private:
  FetchUrl() = default;

  absl::Status ParseAuthority(absl::string_view authority);
  absl::Status ParseHost(absl::string_view host);
  absl::Status ParsePathAndQuery(absl::string_view text);
  std::string Authority() const;

  UrlScheme scheme_ = UrlScheme::kHttps;
  std::string host_;
  int port_ = 0;
  std::string path_;
  std::string query_;
};

// AtUrl puts `url`, without its query, in front of the message of a status that
// is not OK.
absl::Status AtUrl(const FetchUrl& url, const absl::Status& status);

}  // namespace signet

#endif  // SIGNET_FETCH_FETCH_URL_H_
