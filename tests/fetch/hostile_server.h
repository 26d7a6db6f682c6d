#ifndef SIGNET_TESTS_FETCH_HOSTILE_SERVER_H_
#define SIGNET_TESTS_FETCH_HOSTILE_SERVER_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "openssl/ssl.h"
#include "tests/service/test_certificate.h"

namespace signet {

class HostileServer;

// HostileConnection is a client's connection to a HostileServer, in the hands
// of what the server does with it.
class HostileConnection {
 public:
  // Send sends bytes; it returns false when the client or the server has gone.
  bool Send(absl::string_view bytes);

  // SendForever sends bytes again and again until the client has gone, with a
  // pause after each time.
  void SendForever(absl::string_view bytes,
                   absl::Duration pause = absl::ZeroDuration());

  // AwaitBytes waits until the client has sent something, and forgets it; it
  // returns false when the client or the server has gone.
  bool AwaitBytes() const;

  // AwaitEnd waits until the client or the server has gone.
  void AwaitEnd() const;

  // Reset ends the connection with a reset rather than an orderly end.
  void Reset();

  // CutOff ends the connection without a last word of TLS.
  void CutOff();

 private:
  friend class HostileServer;

  // Takes over the descriptor; `tls` is null for a connection without.
  HostileConnection(HostileServer& server, int descriptor, SSL_CTX* tls);

  bool ShakeHands();
  bool ResumesSession() const;
  // The head of a request, with the empty line; empty if none comes.
  std::string ReadHead();
  int64_t Read(char* bytes, size_t size);
  int64_t Write(const char* bytes, size_t size);
  void End();

  HostileServer& server_;
  int descriptor_;
  bssl::UniquePtr<SSL> tls_;
};

// HostileBehaviour is what a server does once it has read the head of a
// request. When it returns, the connection ends in an orderly way.
using HostileBehaviour =
    std::function<void(HostileConnection& connection, const std::string& head)>;

// HostileServer listens at a port of 127.0.0.1 that the system chooses, and
// does with its clients what it is told, one request for each connection, each
// on a thread of its own. It lets them all go when it ends.
class HostileServer {
 public:
  // Tls is what an https server shows.
  struct Tls {
    // The certificate's issuer is not sent along.
    const TestCertificate& certificate;
    uint16_t max_version = TLS1_3_VERSION;
  };

  // Speaks plain HTTP.
  HostileServer();
  // Speaks HTTPS.
  explicit HostileServer(const Tls& tls);
  // Does the same with each connection, before it reads anything.
  explicit HostileServer(HostileBehaviour at_once);
  // Its threads hold its address.
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;
  ~HostileServer();

  // On has requests for `path`, which may include a query, answered by
  // `behaviour` from now on. All others get 404.
  void On(const std::string& path, HostileBehaviour behaviour);

  int port() const { return port_; }
  // UrlOf is "http://127.0.0.1:PORT/path", or https if it speaks that.
  std::string UrlOf(absl::string_view path) const;

  // requests are the heads of all requests so far.
  std::vector<std::string> requests() const;
  // connections is how many clients have connected so far, and resumptions how
  // many of them went on with a TLS session that they had before.
  int connections() const;
  int resumptions() const;

 private:
  friend class HostileConnection;

  void Listen();
  void AcceptAll();
  void Serve(int descriptor);
  HostileBehaviour BehaviourFor(const std::string& head);
  void CountResumption();
  // Returns false when the server ends meanwhile.
  bool Pause(absl::Duration length);
  void Forget(int descriptor);

  const bssl::UniquePtr<SSL_CTX> tls_;
  const HostileBehaviour at_once_;
  int listener_ = -1;
  int port_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable ends_;
  bool ending_ = false;
  int connections_ = 0;
  int resumptions_ = 0;
  std::map<std::string, HostileBehaviour> behaviours_;
  std::vector<std::string> requests_;
  std::set<int> descriptors_;
  std::vector<std::thread> serving_;
  std::thread accepting_;
};

// Replies has a server send these bytes, whatever they are, and end.
HostileBehaviour Replies(std::string bytes);

// JsonReply returns a whole response with status 200 and this body; `headers`
// are lines of further header fields, each with its end ("\r\n").
std::string JsonReply(absl::string_view body, absl::string_view headers = "");

// RedirectTo returns a whole response with status 302.
std::string RedirectTo(absl::string_view location);

}  // namespace signet

#endif  // SIGNET_TESTS_FETCH_HOSTILE_SERVER_H_
