#include "tests/service/server_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "tests/service/running_server.h"

namespace signet {
namespace {

constexpr char kProgram[] = "cli/signet";
constexpr char kIssuer[] = "a";

pid_t Spawn(const std::string& config, const std::string& log) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  std::array<std::string, 4> words = {kProgram, "serve", "--config", config};
  std::array<char*, 5> arguments = {words[0].data(), words[1].data(),
                                    words[2].data(), words[3].data(), nullptr};
  pid_t process = -1;
  EXPECT_EQ(posix_spawn(&process, kProgram, &actions, nullptr, arguments.data(),
                        environ),
            0);
  posix_spawn_file_actions_destroy(&actions);
  return process;
}

std::string Contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string LogName(absl::string_view event) {
  return absl::StrCat(R"("event":")", event, R"(")");
}

}  // namespace

ServerProcess::ServerProcess(const std::string& config, std::string log)
    : log_(std::move(log)), process_(Spawn(config, log_)) {
  const auto channel = NewChannel(AwaitPort());
  tokens_ = v1::TokenService::NewStub(channel);
  keys_ = v1::KeyService::NewStub(channel);
  revocations_ = v1::RevocationService::NewStub(channel);
}

ServerProcess::~ServerProcess() {
  if (process_ > 0) Kill();
}

int ServerProcess::AwaitPort() {
  const std::string before_port = R"("address":"127.0.0.1:)";
  for (;;) {
    const std::string log = Contents(log_);
    const size_t line = log.find(LogName("server.listening"));
    const size_t address = log.find(before_port, line);
    if (line != std::string::npos &&
        log.find('\n', line) != std::string::npos) {
      return std::stoi(log.substr(address + before_port.size()));
    }
    if (waitpid(process_, nullptr, WNOHANG) == process_) {
      ADD_FAILURE() << "the server ended: " << log;
      process_ = -1;
      return 0;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void ServerProcess::Signal(int signal) const {
  EXPECT_EQ(kill(process_, signal), 0);
}

void ServerProcess::Kill() {
  Signal(SIGKILL);
  int status = 0;
  EXPECT_EQ(waitpid(process_, &status, 0), process_);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << Contents(log_);
  process_ = -1;
}

grpc::Status ServerProcess::Sign(v1::SignResponse& response) const {
  return SignWith("", response);
}

grpc::Status ServerProcess::SignWith(const std::string& algorithm,
                                     v1::SignResponse& response) const {
  v1::SignRequest request;
  request.set_algorithm(algorithm);
  request.set_kind(v1::TOKEN_KIND_JWT);
  request.set_subject("s");
  request.add_audiences("x");
  return tokens_->Sign(NewContext().get(), request, &response);
}

std::string ServerProcess::Outcome(const std::string& token) const {
  v1::VerifyRequest request;
  request.set_token(token);
  request.set_policy("any");
  v1::VerifyResponse response;
  const grpc::Status status =
      tokens_->Verify(NewContext().get(), request, &response);
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return "UNAVAILABLE";
  }
  EXPECT_TRUE(status.ok()) << status.error_message();
  if (response.has_verified()) return "verified";
  return std::string(
      absl::StripPrefix(v1::RejectionReason_Name(response.rejection().reason()),
                        "REJECTION_REASON_"));
}

grpc::Status ServerProcess::Revoke(const std::string& token) const {
  v1::RevokeRequest request;
  request.set_token(token);
  v1::RevokeResponse response;
  return revocations_->Revoke(NewContext().get(), request, &response);
}

grpc::Status ServerProcess::RotateKey(const std::string& algorithm,
                                      v1::RotateKeyResponse& response) const {
  v1::RotateKeyRequest request;
  request.set_issuer(kIssuer);
  request.set_algorithm(algorithm);
  return keys_->RotateKey(NewContext().get(), request, &response);
}

grpc::Status ServerProcess::RevokeKey(const std::string& key_id) const {
  v1::RevokeKeyRequest request;
  request.set_issuer(kIssuer);
  request.set_key_id(key_id);
  v1::RevokeKeyResponse response;
  return keys_->RevokeKey(NewContext().get(), request, &response);
}

std::vector<v1::SigningKey> ServerProcess::Keys() const {
  v1::ListKeysResponse response;
  const grpc::Status status =
      keys_->ListKeys(NewContext().get(), v1::ListKeysRequest(), &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  return {response.keys().begin(), response.keys().end()};
}

bool ServerProcess::HasLogged(absl::string_view event) const {
  return absl::StrContains(Contents(log_), LogName(event));
}

}  // namespace signet
