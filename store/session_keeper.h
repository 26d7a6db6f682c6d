#ifndef SIGNET_STORE_SESSION_KEEPER_H_
#define SIGNET_STORE_SESSION_KEEPER_H_

#include <functional>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace signet {

// SessionKeeper keeps a connection to a database between calls, and makes
// another when that one has failed, or says that it is of no more use
// (`bool Session::IsUsable()`). So a store recovers by itself. One call at a
// time uses it; others wait.
template <typename Session>
class SessionKeeper {
 public:
  using Open = std::function<absl::StatusOr<std::unique_ptr<Session>>()>;

  explicit SessionKeeper(Open open) : open_(std::move(open)) {}

  // Calls `call(Session&)`, and returns the Status or StatusOr that it does; or
  // why there is no session. Whatever fails ends the session, and with it what
  // it has begun in the database.
  template <typename Call>
  std::invoke_result_t<Call, Session&> Use(const Call& call) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (session_ != nullptr && !session_->IsUsable()) session_.reset();
    if (session_ == nullptr) {
      absl::StatusOr<std::unique_ptr<Session>> opened = open_();
      if (!opened.ok()) return opened.status();
      session_ = *std::move(opened);
    }
    std::invoke_result_t<Call, Session&> result = call(*session_);
    if (!result.ok()) session_.reset();
    return result;
  }

  // Fails where Use would, for want of a session.
  absl::Status EnsureOpen() {
    return Use([](Session&) { return absl::OkStatus(); });
  }

 private:
  const Open open_;
  std::mutex mutex_;
  std::unique_ptr<Session> session_;
};

}  // namespace signet

#endif  // SIGNET_STORE_SESSION_KEEPER_H_
