#include "service/http/http_server.h"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "civetweb.h"
#include "service/http/civetweb_request.h"
#include "service/http/http_error.h"
#include "service/http/http_response_text.h"
#include "service/http/tls_door.h"
#include "service/running_calls.h"

namespace signet {
namespace {

// Between two looks at whether requests still run.
constexpr absl::Duration kDrainInterval = absl::Milliseconds(10);

// The options of civetweb, in pairs of name and value. Whatever it could do on
// its own is switched off; it asks us about every request.
class CivetwebOptions {
 public:
  void Set(const std::string& name, const std::string& value) {
    texts_.push_back(name);
    texts_.push_back(value);
  }

  // A list that ends with null, and views this object.
  std::vector<const char*> Pointers() const {
    std::vector<const char*> pointers;
    pointers.reserve(texts_.size() + 1);
    for (const std::string& text : texts_) pointers.push_back(text.c_str());
    pointers.push_back(nullptr);
    return pointers;
  }

 private:
  std::vector<std::string> texts_;
};

std::string Milliseconds(absl::Duration duration) {
  return absl::StrCat(absl::ToInt64Milliseconds(duration));
}

CivetwebOptions OptionsFor(const HttpOptions& how) {
  CivetwebOptions options;
  options.Set("listening_ports",
              absl::StrCat(how.address.text(), how.tls ? "s" : ""));
  const HttpLimits& limits = how.limits;
  options.Set("num_threads", absl::StrCat(limits.max_connections));
  options.Set("connection_queue", absl::StrCat(limits.max_connections));
  options.Set("max_request_size", absl::StrCat(limits.max_header_bytes));
  options.Set("request_timeout_ms", Milliseconds(limits.request_timeout));
  options.Set("keep_alive_timeout_ms", Milliseconds(limits.keep_alive_timeout));
  options.Set("enable_keep_alive", "yes");
  options.Set("tcp_nodelay", "1");
  options.Set("decode_url", "no");
  options.Set("enable_auth_domain_check", "no");
  options.Set("enable_directory_listing", "no");
  return options;
}

class CivetwebServer final : public HttpServer {
 public:
  CivetwebServer(const HttpLimits& limits, HttpServerOptions options)
      : limits_(limits),
        options_(std::move(options)),
        speaks_tls_((mg_init_library(MG_FEATURES_TLS) & MG_FEATURES_TLS) != 0) {
  }
  // Is called from civetweb's threads, which hold its address.
  CivetwebServer(const CivetwebServer&) = delete;
  CivetwebServer& operator=(const CivetwebServer&) = delete;
  // The library stays: to end it would end parts of OpenSSL, which gRPC uses.
  ~CivetwebServer() override { Drain(absl::ZeroDuration()); }

  absl::Status Listen(const HttpOptions& how) {
    // It would start without, and crash with the first handshake.
    if (how.tls && !speaks_tls_) {
      return absl::FailedPreconditionError(
          "cannot serve HTTPS: the system's OpenSSL 3 (libssl.so.3) is not "
          "there");
    }
    if (how.tls) {
      absl::StatusOr<std::unique_ptr<TlsDoor>> door = TlsDoor::Create(*how.tls);
      if (!door.ok()) return door.status();
      door_ = *std::move(door);
    }
    const CivetwebOptions options = OptionsFor(how);
    mg_callbacks callbacks = {};
    callbacks.external_ssl_ctx = OnTls;
    callbacks.begin_request = OnRequest;
    callbacks.http_error = OnError;
    // What strangers do is no news.
    callbacks.log_message = [](const mg_connection*, const char*) { return 1; };
    context_ = mg_start(&callbacks, this, options.Pointers().data());
    if (context_ == nullptr) {
      return absl::FailedPreconditionError(
          absl::StrCat("cannot serve HTTP on ", how.address.text(),
                       "; is the address this machine's, and is it free?"));
    }
    mg_server_port port = {};
    if (mg_get_server_ports(context_, 1, &port) == 1) port_ = port.port;
    return absl::OkStatus();
  }

  int port() const override { return port_; }

  absl::Status ReplaceTls(const TlsFiles& files) override {
    return door_->Replace(files);
  }

  void Refuse() override { refusing_ = true; }

  void Drain(absl::Duration patience) override {
    if (context_ == nullptr) return;
    Refuse();
    const absl::Time deadline = absl::Now() + patience;
    while (!running_.none() && absl::Now() < deadline) {
      std::this_thread::sleep_for(absl::ToChronoMilliseconds(kDrainInterval));
    }
    mg_stop(std::exchange(context_, nullptr));
  }

 private:
  // civetweb drops what is left of a body if we say that we have answered, for
  // as long as it comes. If we say neither this nor that, it closes the
  // connection; or keeps it, if nothing is left.
  static constexpr int kAnswered = -1;

  static int OnRequest(mg_connection* connection) {
    static_cast<CivetwebServer*>(mg_get_user_context_data(connection))
        ->Serve(*connection);
    return kAnswered;
  }

  // civetweb takes the context, and frees it when it stops.
  static int OnTls(void** context, void* user_data) {
    constexpr int kTaken = 1;
    *context = static_cast<CivetwebServer*>(user_data)->door_->ReleaseContext();
    return kTaken;
  }

  // civetweb could not read a request.
  static int OnError(mg_connection* connection, int status, const char*) {
    const auto* server = static_cast<const CivetwebServer*>(
        mg_get_user_context_data(connection));
    server->Send(*connection, "",
                 ErrorResponse(status, "invalid_request",
                               "this is no request that can be read here"),
                 AfterResponse::kClose);
    return 0;
  }

  void Serve(mg_connection& connection) {
    const RunningCalls::Mark mark(running_);
    const mg_request_info& info = *mg_get_request_info(&connection);
    const HttpRequest request = ReadRequest(info);
    AfterResponse after = WishOf(info, request);
    std::optional<HttpResponse> response = RefuseFraming(info, request);
    bool body_is_left = response || info.content_length > 0;
    const auto read_body = [&] {
      body_is_left = false;
      absl::StatusOr<std::string> body =
          ReadBody(connection, limits_.max_body_bytes);
      if (!body.ok()) body_is_left = true;
      return body;
    };
    if (!response) response = Answer(request, read_body);
    if (body_is_left || refusing_) after = AfterResponse::kClose;
    Send(connection, request.method, *response, after);
  }

  HttpResponse Answer(const HttpRequest& request, BodyReader read_body) const {
    if (refusing_ && request.path != kHealthPath) {
      return FailureResponse(
          absl::UnavailableError("the server is stopping; ask another"));
    }
    return options_.face->Share()->Answer(request, read_body, options_.clock());
  }

  void Send(mg_connection& connection, absl::string_view method,
            const HttpResponse& response, AfterResponse after) const {
    if (after == AfterResponse::kClose) {
      mg_disable_connection_keep_alive(&connection);
    }
    const std::string text =
        HttpResponseText(response, method, after, options_.clock());
    // A client that does not take it has gone.
    static_cast<void>(mg_write(&connection, text.data(), text.size()));
  }

  const HttpLimits limits_;
  const HttpServerOptions options_;
  // Whether civetweb has found OpenSSL.
  const bool speaks_tls_;
  RunningCalls running_;
  std::atomic<bool> refusing_ = false;
  // Null, if no TLS is spoken.
  std::unique_ptr<TlsDoor> door_;
  mg_context* context_ = nullptr;
  int port_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(
    const HttpOptions& how, HttpServerOptions options) {
  auto server =
      std::make_unique<CivetwebServer>(how.limits, std::move(options));
  const absl::Status listening = server->Listen(how);
  if (!listening.ok()) return listening;
  return server;
}

}  // namespace signet
