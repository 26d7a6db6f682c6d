#include "tests/store/postgres_server.h"

#include <fcntl.h>
#include <postgresql/libpq-fe.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace signet {
namespace {

constexpr char kPrograms[] = "/usr/lib/postgresql/15/bin/";

[[noreturn]] void GiveUp(const std::string& reason) {
  std::cerr << "There is no PostgreSQL server to test with: " << reason << '\n';
  std::abort();
}

// Starts a program whose output goes to `log`.
pid_t Spawn(const std::vector<std::string>& command, const std::string& log) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t process = -1;
  const int error = posix_spawnp(&process, arguments[0], &actions, nullptr,
                                 arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return error == 0 ? process : -1;
}

bool Succeeds(const std::vector<std::string>& command, const std::string& log) {
  const pid_t process = Spawn(command, log);
  int status = 0;
  return process > 0 && waitpid(process, &status, 0) == process && status == 0;
}

std::vector<std::string> Append(std::vector<std::string> words,
                                const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::string Contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// PostgreSQL refuses to run as root. In a sandbox, root may be nobody else; but
// may become somebody in a namespace of its own.
std::vector<std::string> FindOrdinaryUser(const std::string& folder,
                                          const std::string& log) {
  if (geteuid() != 0) return {};
  std::vector<std::string> namespaced = {"unshare", "--user", "--map-user=1000",
                                         "--map-group=1000"};
  if (Succeeds(Append(namespaced, {"true"}), log)) return namespaced;
  if (!Succeeds({"chown", "-R", "postgres:", folder}, log)) {
    GiveUp(Contents(log));
  }
  return {"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"};
}

}  // namespace

PostgresServer& PostgresServer::Shared() {
  static PostgresServer server;
  return server;
}

PostgresServer::PostgresServer() {
  if (access(absl::StrCat(kPrograms, "postgres").c_str(), X_OK) != 0) {
    GiveUp("./dev setup installs Debian's package \"postgresql\"");
  }
  // Not in the test's folder, whose name is too long for a socket.
  std::string folder = "/tmp/signet-pg-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) GiveUp("no folder");
  folder_ = folder;
  const std::string log = folder_ + "/log";
  as_ordinary_user_ = FindOrdinaryUser(folder_, log);
  const std::vector<std::string> initdb = {absl::StrCat(kPrograms, "initdb"),
                                           "--pgdata=" + folder_ + "/data",
                                           "--username=postgres",
                                           "--auth=trust",
                                           "--encoding=UTF8",
                                           "--locale=C",
                                           "--no-sync"};
  if (!Succeeds(Append(as_ordinary_user_, initdb), log)) GiveUp(Contents(log));
  // The first line that fits a connection holds.
  std::ofstream(folder_ + "/data/pg_hba.conf")
      << "local all with_password scram-sha-256\nlocal all all trust\n";
  Start();
}

PostgresServer::~PostgresServer() {
  Kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void PostgresServer::Start() {
  const std::vector<std::string> postgres = {
      absl::StrCat(kPrograms, "postgres"),
      "-D",
      folder_ + "/data",
      "-k",
      folder_,
      "-c",
      "listen_addresses=",
      "-c",
      "fsync=off",
      "-c",
      "shared_buffers=16MB",
      "-c",
      "max_connections=60"};
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (PQping(ConnectionString("postgres").c_str()) != PQPING_OK) {
    if (std::chrono::steady_clock::now() > deadline) {
      GiveUp(Contents(folder_ + "/log"));
    }
    // It ends at once while children of one that was killed are still there.
    if (process_ < 0 || waitpid(process_, nullptr, WNOHANG) == process_) {
      process_ = Spawn(Append(as_ordinary_user_, postgres), folder_ + "/log");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void PostgresServer::Kill() {
  if (process_ < 0) return;
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
  process_ = -1;
}

std::string PostgresServer::ConnectionString(
    const std::string& database) const {
  return absl::StrCat("host=", folder_, " user=postgres dbname=", database);
}

std::string PostgresServer::NewDatabase() {
  std::string name = absl::StrCat("test_", ++databases_);
  Execute("postgres", absl::StrCat("CREATE DATABASE ", name));
  return name;
}

std::vector<std::string> PostgresServer::Execute(const std::string& database,
                                                 const std::string& sql) const {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(
      PQconnectdb(ConnectionString(database).c_str()), PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(
      PQexec(connection.get(), sql.c_str()), PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    GiveUp(PQerrorMessage(connection.get()));
  }
  std::vector<std::string> rows;
  rows.reserve(static_cast<size_t>(PQntuples(result.get())));
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    rows.emplace_back(PQgetvalue(result.get(), row, 0));
  }
  return rows;
}

}  // namespace signet
