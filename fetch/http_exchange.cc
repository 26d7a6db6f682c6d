#include "fetch/http_exchange.h"

#include <sys/socket.h>

#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "fetch/address_rules.h"
#include "fetch/curl_failure.h"
#include "fetch/ip_address.h"

namespace signet {
namespace {

// In seconds. Reading the system's authorities takes 18 ms, of the thread that
// runs all requests; with them at hand, a request over TLS takes it 0.6 ms.
constexpr int64_t kCaCacheSeconds = 300;

// libcurl takes 0 for no limit.
int64_t ToCurlMilliseconds(absl::Duration duration) {
  return std::max(int64_t{1}, absl::ToInt64Milliseconds(
                                  std::min(duration, absl::Hours(24))));
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpExchange>> HttpExchange::Make(
    const FetchUrl& url, const FetchRequest& request,
    absl::Duration time_left) {
  auto exchange = absl::WrapUnique(new HttpExchange(url, request));
  exchange->SetRequest();
  exchange->SetTls();
  exchange->SetLimits(time_left);
  exchange->SetCallbacks();
  if (exchange->unset_option_ == CURLE_OK) return exchange;
  return absl::FailedPreconditionError(absl::StrCat(
      "libcurl cannot be used: ", curl_easy_strerror(exchange->unset_option_)));
}

HttpExchange::HttpExchange(FetchUrl url, const FetchRequest& request)
    : url_(std::move(url)),
      request_(request),
      response_{ResponseHead(request.options->limits.max_head_bytes), ""},
      handle_(curl_easy_init()) {}

template <typename Value>
void HttpExchange::Set(CURLoption option, Value* value) {
  const CURLcode set = curl_easy_setopt(handle_.get(), option, value);
  if (unset_option_ == CURLE_OK) unset_option_ = set;
}

void HttpExchange::Set(CURLoption option, int64_t value) {
  static_assert(std::is_same_v<int64_t, decltype(1L)>);
  const CURLcode set = curl_easy_setopt(handle_.get(), option, value);
  if (unset_option_ == CURLE_OK) unset_option_ = set;
}

void HttpExchange::SetRequest() {
  Set(CURLOPT_URL, url_.text().c_str());
  Set(CURLOPT_PROTOCOLS_STR,
      url_.scheme() == UrlScheme::kHttps ? "https" : "http");
  Set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  Set(CURLOPT_USERAGENT, "signet");
  // Whatever the environment says.
  Set(CURLOPT_PROXY, "");
  AddHeader("Accept", request_.media_type == MediaType::kJson
                          ? "application/json, application/jwk-set+json"
                          : "text/plain");
  if (!request_.bearer.empty()) {
    AddHeader("Authorization", absl::StrCat("Bearer ", request_.bearer));
  }
  if (IsValidator(request_.etag)) AddHeader("If-None-Match", request_.etag);
  if (IsValidator(request_.last_modified)) {
    AddHeader("If-Modified-Since", request_.last_modified);
  }
  Set(CURLOPT_HTTPHEADER, headers_.get());
}

void HttpExchange::AddHeader(absl::string_view name, absl::string_view value) {
  curl_slist* const longer = curl_slist_append(
      headers_.get(), absl::StrCat(name, ": ", value).c_str());
  if (longer == nullptr) {
    unset_option_ = CURLE_OUT_OF_MEMORY;
    return;
  }
  (void)headers_.release();
  headers_.reset(longer);
}

void HttpExchange::SetTls() {
  Set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  Set(CURLOPT_SSL_VERIFYPEER, 1);
  Set(CURLOPT_SSL_VERIFYHOST, 2);
  // Or else libcurl would trust the system's authorities as well.
  Set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  const std::string& ca_file = request_.options->ca_file;
  if (!ca_file.empty()) Set(CURLOPT_CAINFO, ca_file.c_str());
  Set(CURLOPT_CA_CACHE_TIMEOUT, kCaCacheSeconds);
  // What one issuer's options have established must not serve another's.
  Set(CURLOPT_SSL_SESSIONID_CACHE, 0);
  Set(CURLOPT_FRESH_CONNECT, 1);
  Set(CURLOPT_FORBID_REUSE, 1);
  Set(CURLOPT_DNS_CACHE_TIMEOUT, 0);
}

void HttpExchange::SetLimits(absl::Duration time_left) {
  const FetchLimits& limits = request_.options->limits;
  Set(CURLOPT_TIMEOUT_MS, ToCurlMilliseconds(time_left));
  Set(CURLOPT_CONNECTTIMEOUT_MS, ToCurlMilliseconds(limits.connect_timeout));
  Set(CURLOPT_NOSIGNAL, 1);
  // Or else whoever gives up a slow look-up of a name would wait for its end,
  // and all other requests with it.
  Set(CURLOPT_QUICK_EXIT, 1);
}

void HttpExchange::SetCallbacks() {
  Set(CURLOPT_HEADERFUNCTION, &HttpExchange::TakeHeaderLine);
  Set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  Set(CURLOPT_WRITEFUNCTION, &HttpExchange::TakeBody);
  Set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  Set(CURLOPT_OPENSOCKETFUNCTION, &HttpExchange::OpenSocket);
  Set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
}

size_t HttpExchange::TakeHeaderLine(char* line, size_t, size_t size,
                                    void* self) {
  HttpExchange& exchange = *static_cast<HttpExchange*>(self);
  ResponseHead& head = exchange.response_.head;
  switch (head.AddLine({line, size})) {
    case ResponseHead::Progress::kUnfinished:
      return size;
    case ResponseHead::Progress::kComplete:
      return exchange.AwaitsBody() ? size : 0;
    case ResponseHead::Progress::kTooLarge:
      exchange.refusal_ = absl::FailedPreconditionError(absl::StrCat(
          "the head of the answer is larger than ",
          exchange.request_.options->limits.max_head_bytes, " bytes"));
      return 0;
  }
  __builtin_unreachable();
}

size_t HttpExchange::TakeBody(char* bytes, size_t, size_t size, void* self) {
  HttpExchange& exchange = *static_cast<HttpExchange*>(self);
  const size_t max_bytes = exchange.request_.options->limits.max_body_bytes;
  std::string& body = exchange.response_.body;
  if (size > max_bytes - body.size()) {
    exchange.refusal_ = absl::FailedPreconditionError(
        absl::StrCat("the answer is larger than ", max_bytes, " bytes"));
    return 0;
  }
  body.append(bytes, size);
  return size;
}

curl_socket_t HttpExchange::OpenSocket(void* self, curlsocktype,
                                       curl_sockaddr* address) {
  HttpExchange& exchange = *static_cast<HttpExchange*>(self);
  const absl::Status checked = exchange.CheckConnection(*address);
  if (!checked.ok()) {
    exchange.address_refusal_ = checked;
    return CURL_SOCKET_BAD;
  }
  exchange.has_tried_an_address_ = true;
  return socket(address->family, address->socktype | SOCK_CLOEXEC,
                address->protocol);
}

absl::Status HttpExchange::CheckConnection(const curl_sockaddr& address) const {
  const std::optional<IpAddress> ip =
      IpAddress::FromSocketAddress(address.addr, address.addrlen);
  if (!ip) {
    return absl::FailedPreconditionError("the host has no IP address");
  }
  return CheckAddress(request_.options->addresses, *ip);
}

bool HttpExchange::AwaitsBody() const {
  const ResponseHead& head = response_.head;
  return head.is_complete() && CheckStatus(head.status()).ok() &&
         CheckMediaType(head, request_.media_type).ok();
}

absl::StatusOr<HttpResponse> HttpExchange::End(CURLcode result) {
  if (!refusal_.ok()) return refusal_;
  const bool is_complete =
      response_.head.is_complete() && (result == CURLE_OK || !AwaitsBody());
  if (is_complete) return std::move(response_);
  if (!has_tried_an_address_ && !address_refusal_.ok()) return address_refusal_;
  int64_t verification = 0;
  (void)curl_easy_getinfo(handle_.get(), CURLINFO_SSL_VERIFYRESULT,
                          &verification);
  return CurlFailure(result, verification);
}

}  // namespace signet
