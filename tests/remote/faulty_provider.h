#ifndef SIGNET_TESTS_REMOTE_FAULTY_PROVIDER_H_
#define SIGNET_TESTS_REMOTE_FAULTY_PROVIDER_H_

#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "fetch/fetcher.h"

namespace signet {

// FaultyProvider is kProvider: it publishes one key at a time, at a server that
// may fail in random ways.
class FaultyProvider {
 public:
  // Sets are what it can publish: made once, for that takes longer than all
  // else.
  struct Sets {
    static constexpr int kKeys = 64;

    Sets();

    // Of one key, by its id; and of that key and two that share another id.
    std::map<std::string, std::string> alone;
    std::map<std::string, std::string> with_twins;
    std::string evil;
  };

  // `random` and `sets` must outlive it.
  FaultyProvider(std::mt19937& random, const Sets& sets);

  // Rotate publishes another key.
  void Rotate();

  // key_ids are those that it has published, the newest last.
  const std::vector<std::string>& key_ids() const { return key_ids_; }

  // AnswerWell answers as it should; AnswerBadly as it may.
  absl::StatusOr<FetchAnswer> AnswerWell(const FetchRequest& request) const;
  absl::StatusOr<FetchAnswer> AnswerBadly(const FetchRequest& request);

 private:
  // Answers that have nothing to do with what it has published; for metadata,
  // and for keys.
  absl::StatusOr<FetchAnswer> AnswerMetadataBadly();
  absl::StatusOr<FetchAnswer> AnswerKeysBadly();
  std::string Etag() const;

  std::mt19937& random_;
  const Sets& sets_;
  std::vector<std::string> key_ids_;
};

}  // namespace signet

#endif  // SIGNET_TESTS_REMOTE_FAULTY_PROVIDER_H_
