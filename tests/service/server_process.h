#ifndef SIGNET_TESTS_SERVICE_SERVER_PROCESS_H_
#define SIGNET_TESTS_SERVICE_SERVER_PROCESS_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "grpcpp/grpcpp.h"
#include "signet/v1/key_service.grpc.pb.h"
#include "signet/v1/revocation_service.grpc.pb.h"
#include "signet/v1/token_service.grpc.pb.h"

namespace signet {

// ServerProcess is a running `signet serve`, in a process of its own, with a
// client for it. Its configuration has one issuer that signs, "a", and a policy
// "any". Calls that get no answer within a minute fail. It may be called
// from many threads at once.
class ServerProcess {
 public:
  // Starts it, and waits until it listens. `config` is the path of its
  // configuration, and `log` that of a file for what it prints, which nobody
  // else may write to.
  ServerProcess(const std::string& config, std::string log);
  // Stands for a process.
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess();

  // Signal sends the process a signal: SIGSTOP, SIGCONT.
  void Signal(int signal) const;
  // Kill ends it with SIGKILL, and waits until it is gone.
  void Kill();

  // Sign signs with the algorithm that the server chooses.
  grpc::Status Sign(v1::SignResponse& response) const;
  grpc::Status SignWith(const std::string& algorithm,
                        v1::SignResponse& response) const;
  // Outcome tells what comes of verifying a token: "verified", the reason of
  // the rejection, or "UNAVAILABLE", if the server could not decide or is gone.
  std::string Outcome(const std::string& token) const;
  grpc::Status Revoke(const std::string& token) const;
  grpc::Status RotateKey(const std::string& algorithm,
                         v1::RotateKeyResponse& response) const;
  grpc::Status RevokeKey(const std::string& key_id) const;
  // Keys returns all that are on record; the test fails unless it can.
  std::vector<v1::SigningKey> Keys() const;

  // HasLogged tells whether an event has been logged.
  bool HasLogged(absl::string_view event) const;

 private:
  // The port that it listens on, once the log says so; the test fails if it
  // ends before.
  int AwaitPort();

  const std::string log_;
  pid_t process_ = -1;
  std::unique_ptr<v1::TokenService::Stub> tokens_;
  std::unique_ptr<v1::KeyService::Stub> keys_;
  std::unique_ptr<v1::RevocationService::Stub> revocations_;
};

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_SERVER_PROCESS_H_
