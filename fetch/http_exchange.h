#ifndef SIGNET_FETCH_HTTP_EXCHANGE_H_
#define SIGNET_FETCH_HTTP_EXCHANGE_H_

#include <curl/curl.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "fetch/fetch_url.h"
#include "fetch/fetcher.h"
#include "fetch/response_head.h"

namespace signet {

// HttpResponse is what a server answered to one GET.
struct HttpResponse {
  ResponseHead head;
  // Only of a response with status 200 of the type that was asked for
  // (CheckMediaType).
  std::string body;
};

// HttpExchange is one GET and its response, without redirects, over a
// connection of its own.
class HttpExchange {
 public:
  // Make returns an exchange that gets `url` as `request` wants its own to be
  // got, in `time_left`. `request` must outlive it. FailedPrecondition if this
  // libcurl cannot keep to all that.
  static absl::StatusOr<std::unique_ptr<HttpExchange>> Make(
      const FetchUrl& url, const FetchRequest& request,
      absl::Duration time_left);
  // libcurl holds its address.
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;

  // handle is for libcurl's multi interface to run.
  CURL* handle() const { return handle_.get(); }

  // End returns what came of it, once libcurl says that it has ended with
  // `result`. Called once.
  absl::StatusOr<HttpResponse> End(CURLcode result);

 private:
  struct DeleteHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct DeleteList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  HttpExchange(FetchUrl url, const FetchRequest& request);

  // Options of libcurl are pointers, or numbers of the type long.
  template <typename Value>
  void Set(CURLoption option, Value* value);
  void Set(CURLoption option, int64_t value);
  void SetRequest();
  void SetTls();
  void SetLimits(absl::Duration time_left);
  void SetCallbacks();
  void AddHeader(absl::string_view name, absl::string_view value);

  // Whether the head is complete, and a body is to follow that is of use.
  bool AwaitsBody() const;

  // libcurl's callbacks, whose last argument is the exchange.
  static size_t TakeHeaderLine(char* line, size_t one, size_t size, void* self);
  static size_t TakeBody(char* bytes, size_t one, size_t size, void* self);
  static curl_socket_t OpenSocket(void* self, curlsocktype purpose,
                                  curl_sockaddr* address);
  absl::Status CheckConnection(const curl_sockaddr& address) const;

  const FetchUrl url_;
  const FetchRequest& request_;
  std::unique_ptr<curl_slist, DeleteList> headers_;
  HttpResponse response_;
  // Why the exchange was ended from here; OK if it was not.
  absl::Status refusal_;
  // Why no connection was tried to an address that the host has.
  absl::Status address_refusal_;
  bool has_tried_an_address_ = false;
  // The first that was wrong with an option.
  CURLcode unset_option_ = CURLE_OK;
  // Goes first: it uses the others.
  std::unique_ptr<CURL, DeleteHandle> handle_;
};

}  // namespace signet

#endif  // SIGNET_FETCH_HTTP_EXCHANGE_H_
