#ifndef SIGNET_TESTS_STORE_POSTGRES_SERVER_H_
#define SIGNET_TESTS_STORE_POSTGRES_SERVER_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace signet {

// PostgresServer is a PostgreSQL server of our own, from Debian's package, on a
// Unix socket in a folder that goes with it. Forgets nothing when it is killed,
// but syncs nothing to disk.
class PostgresServer {
 public:
  // Shared is the server of this process, started by whoever asks first, and
  // stopped at the process's end. Where there can be none, the process ends,
  // and says why.
  static PostgresServer& Shared();

  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;
  ~PostgresServer();

  // NewDatabase makes an empty database, and returns its name.
  std::string NewDatabase();

  // ConnectionString is for the superuser, who needs no password.
  std::string ConnectionString(const std::string& database) const;

  // SocketPath is where it listens.
  std::string SocketPath() const { return folder_ + "/.s.PGSQL.5432"; }

  // Execute runs SQL in a database, and returns the first column of its rows.
  std::vector<std::string> Execute(const std::string& database,
                                   const std::string& sql) const;

  // Kill ends the server at once, as a power failure would. Start starts it
  // again, and waits until it answers.
  void Kill();
  void Start();

 private:
  PostgresServer();

  std::string folder_;
  std::vector<std::string> as_ordinary_user_;
  pid_t process_ = -1;
  int databases_ = 0;
};

}  // namespace signet

#endif  // SIGNET_TESTS_STORE_POSTGRES_SERVER_H_
