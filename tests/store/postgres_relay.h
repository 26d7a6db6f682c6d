#ifndef SIGNET_TESTS_STORE_POSTGRES_RELAY_H_
#define SIGNET_TESTS_STORE_POSTGRES_RELAY_H_

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"

namespace signet {

// PostgresRelay stands between clients and a PostgreSQL server, as a connection
// pool does, and gets one word of what clients say wrong: the server hears
// `other`, which is as long. It must come in one piece.
class PostgresRelay {
 public:
  // `server_socket` is the path of the server's socket.
  PostgresRelay(std::string server_socket, std::string word, std::string other);
  // Its threads hold its address.
  PostgresRelay(const PostgresRelay&) = delete;
  PostgresRelay& operator=(const PostgresRelay&) = delete;
  ~PostgresRelay();

  // port is where it listens, on 127.0.0.1.
  int port() const { return port_; }

  // misheard is how often the server has heard the other word.
  int misheard() const { return misheard_; }

 private:
  void Accept();
  void Relay(int client, int server);
  std::string Mishear(std::string said);

  const std::string server_socket_;
  const std::string word_;
  const std::string other_;
  int listening_ = -1;
  int port_ = 0;
  std::atomic<int> misheard_ = 0;

  std::mutex mutex_;
  std::vector<int> sockets_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> relaying_ ABSL_GUARDED_BY(mutex_);
  std::thread accepting_;
};

}  // namespace signet

#endif  // SIGNET_TESTS_STORE_POSTGRES_RELAY_H_
