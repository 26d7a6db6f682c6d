#ifndef SIGNET_SERVICE_CURRENT_SETUP_H_
#define SIGNET_SERVICE_CURRENT_SETUP_H_

#include <cstddef>
#include <memory>
#include <utility>

#include "keys/published.h"
#include "service/server_setup.h"
#include "service/token_handlers.h"

namespace signet {

// CurrentSetup is the setup that the server goes by at the moment. A call takes
// a Reader once, and asks it for everything: so it goes by one configuration
// from beginning to end, whatever is put in its place meanwhile. May be used
// from many threads at once.
class CurrentSetup {
  struct Generation {
    explicit Generation(std::shared_ptr<const ServerSetup> its_setup)
        : setup(std::move(its_setup)), handlers(setup) {}

    std::shared_ptr<const ServerSetup> setup;
    TokenHandlers handlers;
  };

 public:
  // Reader is as that of Published: for one call that does not wait.
  class Reader {
   public:
    explicit Reader(const CurrentSetup& current)
        : generation_(current.generation_) {}

    const ServerSetup& setup() const { return *generation_->setup; }
    const TokenHandlers& handlers() const { return generation_->handlers; }

   private:
    const Published<Generation>::Reader generation_;
  };

  explicit CurrentSetup(std::shared_ptr<const ServerSetup> first)
      : generation_(std::make_shared<Generation>(std::move(first))) {}

  // Share returns the setup of the moment, for a call that waits.
  std::shared_ptr<const ServerSetup> Share() const {
    return generation_.Share()->setup;
  }

  // Replace has every call that begins after its return go by `next`.
  void Replace(std::shared_ptr<const ServerSetup> next) {
    generation_.Replace(std::make_shared<Generation>(std::move(next)));
  }

  // FreeReplaced lets go of setups that no call goes by any more.
  size_t FreeReplaced() { return generation_.FreeReplaced(); }

 private:
  Published<Generation> generation_;
};

}  // namespace signet

#endif  // SIGNET_SERVICE_CURRENT_SETUP_H_
