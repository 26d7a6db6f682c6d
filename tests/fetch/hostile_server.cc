#include "tests/fetch/hostile_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "openssl/bio.h"
#include "openssl/pem.h"

namespace signet {
namespace {

constexpr int kBacklog = 256;
constexpr size_t kMaxHeadBytes = 65536;
constexpr char kNotFound[] =
    "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

// Test set-up that fails is a mistake in the test.
void Must(bool done, const char* what) {
  if (!done) ADD_FAILURE() << what;
}

bssl::UniquePtr<BIO> Reading(const std::string& text) {
  return bssl::UniquePtr<BIO>(
      BIO_new_mem_buf(text.data(), static_cast<ossl_ssize_t>(text.size())));
}

bssl::UniquePtr<SSL_CTX> NewContext(const HostileServer::Tls& tls) {
  bssl::UniquePtr<SSL_CTX> context(SSL_CTX_new(TLS_method()));
  const bssl::UniquePtr<X509> certificate(
      PEM_read_bio_X509(Reading(tls.certificate.CertificatePem()).get(),
                        nullptr, nullptr, nullptr));
  const bssl::UniquePtr<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(Reading(tls.certificate.PrivateKeyPem()).get(),
                              nullptr, nullptr, nullptr));
  Must(SSL_CTX_use_certificate(context.get(), certificate.get()) == 1 &&
           SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1 &&
           SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(context.get(), tls.max_version) == 1,
       "set TLS up");
  return context;
}

}  // namespace

HostileConnection::HostileConnection(HostileServer& server, int descriptor,
                                     SSL_CTX* tls)
    : server_(server),
      descriptor_(descriptor),
      tls_(tls == nullptr ? nullptr : SSL_new(tls)) {}

bool HostileConnection::ShakeHands() {
  return tls_ == nullptr || (SSL_set_fd(tls_.get(), descriptor_) == 1 &&
                             SSL_accept(tls_.get()) == 1);
}

bool HostileConnection::ResumesSession() const {
  return tls_ != nullptr && SSL_session_reused(tls_.get()) == 1;
}

int64_t HostileConnection::Read(char* bytes, size_t size) {
  if (tls_ != nullptr) {
    return SSL_read(tls_.get(), bytes, static_cast<int>(size));
  }
  return recv(descriptor_, bytes, size, 0);
}

int64_t HostileConnection::Write(const char* bytes, size_t size) {
  if (tls_ != nullptr) {
    return SSL_write(tls_.get(), bytes, static_cast<int>(size));
  }
  return send(descriptor_, bytes, size, 0);
}

std::string HostileConnection::ReadHead() {
  std::string head;
  std::array<char, 4096> bytes;
  while (!absl::EndsWith(head, "\r\n\r\n")) {
    const int64_t size = Read(bytes.data(), bytes.size());
    if (size <= 0 || head.size() > kMaxHeadBytes) return "";
    head.append(bytes.data(), static_cast<size_t>(size));
  }
  return head;
}

bool HostileConnection::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const int64_t sent = Write(bytes.data(), bytes.size());
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void HostileConnection::SendForever(absl::string_view bytes,
                                    absl::Duration pause) {
  while (Send(bytes) && server_.Pause(pause)) {
  }
}

bool HostileConnection::AwaitBytes() const {
  std::array<char, 4096> ignored;
  // Beneath TLS: what a client says there is of no interest either.
  return descriptor_ >= 0 &&
         recv(descriptor_, ignored.data(), ignored.size(), 0) > 0;
}

void HostileConnection::AwaitEnd() const {
  while (AwaitBytes()) {
  }
}

void HostileConnection::Reset() {
  const linger at_once = {.l_onoff = 1, .l_linger = 0};
  Must(setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once,
                  sizeof(at_once)) == 0,
       "reset");
  CutOff();
}

void HostileConnection::CutOff() {
  tls_ = nullptr;
  if (descriptor_ >= 0) server_.Forget(descriptor_);
  descriptor_ = -1;
}

void HostileConnection::End() {
  if (descriptor_ < 0) return;
  if (tls_ != nullptr) (void)SSL_shutdown(tls_.get());
  (void)shutdown(descriptor_, SHUT_WR);
  // Closing with something unread would be a reset.
  AwaitEnd();
  CutOff();
}

HostileServer::HostileServer() { Listen(); }

HostileServer::HostileServer(const Tls& tls) : tls_(NewContext(tls)) {
  Listen();
}

HostileServer::HostileServer(HostileBehaviour at_once)
    : at_once_(std::move(at_once)) {
  Listen();
}

void HostileServer::Listen() {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof(address);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  Must(bind(listener_, generic, size) == 0 &&
           listen(listener_, kBacklog) == 0 &&
           getsockname(listener_, generic, &size) == 0,
       "listen");
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { AcceptAll(); });
}

HostileServer::~HostileServer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    (void)shutdown(listener_, SHUT_RDWR);
    for (const int descriptor : descriptors_) {
      (void)shutdown(descriptor, SHUT_RDWR);
    }
  }
  ends_.notify_all();
  accepting_.join();
  for (std::thread& serving : serving_) serving.join();
  (void)close(listener_);
}

void HostileServer::AcceptAll() {
  // Clients go without a word.
  sigset_t signals;
  (void)sigemptyset(&signals);
  (void)sigaddset(&signals, SIGPIPE);
  (void)pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  while (true) {
    const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) return;
    const std::lock_guard lock(mutex_);
    if (ending_) {
      (void)close(descriptor);
      return;
    }
    ++connections_;
    descriptors_.insert(descriptor);
    serving_.emplace_back([this, descriptor] { Serve(descriptor); });
  }
}

void HostileServer::Serve(int descriptor) {
  HostileConnection connection(*this, descriptor, tls_.get());
  if (at_once_ != nullptr) {
    at_once_(connection, "");
  } else if (connection.ShakeHands()) {
    if (connection.ResumesSession()) CountResumption();
    const std::string head = connection.ReadHead();
    if (!head.empty()) BehaviourFor(head)(connection, head);
  }
  connection.End();
}

void HostileServer::CountResumption() {
  const std::lock_guard lock(mutex_);
  ++resumptions_;
}

HostileBehaviour HostileServer::BehaviourFor(const std::string& head) {
  // "GET /path HTTP/1.1".
  const size_t begin = head.find(' ') + 1;
  const std::string path = head.substr(begin, head.find(' ', begin) - begin);
  const std::lock_guard lock(mutex_);
  requests_.push_back(head);
  const auto found = behaviours_.find(path);
  return found == behaviours_.end() ? Replies(kNotFound) : found->second;
}

bool HostileServer::Pause(absl::Duration length) {
  std::unique_lock lock(mutex_);
  return !ends_.wait_for(lock, absl::ToChronoNanoseconds(length),
                         [this] { return ending_; });
}

void HostileServer::Forget(int descriptor) {
  const std::lock_guard lock(mutex_);
  descriptors_.erase(descriptor);
  (void)close(descriptor);
}

void HostileServer::On(const std::string& path, HostileBehaviour behaviour) {
  const std::lock_guard lock(mutex_);
  behaviours_[path] = std::move(behaviour);
}

std::string HostileServer::UrlOf(absl::string_view path) const {
  return absl::StrCat(tls_ == nullptr ? "http" : "https",
                      "://127.0.0.1:", port_, path);
}

std::vector<std::string> HostileServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

int HostileServer::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

int HostileServer::resumptions() const {
  const std::lock_guard lock(mutex_);
  return resumptions_;
}

HostileBehaviour Replies(std::string bytes) {
  return [bytes = std::move(bytes)](HostileConnection& connection,
                                    const std::string&) {
    (void)connection.Send(bytes);
  };
}

std::string JsonReply(absl::string_view body, absl::string_view headers) {
  return absl::StrCat("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n",
                      "Content-Length: ", body.size(), "\r\n", headers, "\r\n",
                      body);
}

std::string RedirectTo(absl::string_view location) {
  return absl::StrCat("HTTP/1.1 302 Found\r\nLocation: ", location,
                      "\r\nContent-Length: 0\r\n\r\n");
}

}  // namespace signet
