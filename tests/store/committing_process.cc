// Commits to a store, from several threads at once, until it is killed:
// committing_process ADDRESS NAME. After a commit has returned, and not before,
// it prints a line: "revoked TOKEN_ID", or "changed ISSUER KEY_ID REVISION".
// What it makes has names that begin with NAME.

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "store/open_store.h"
#include "store/records.h"
#include "store/store.h"
#include "tests/store/record_examples.h"

namespace signet {
namespace {

// In one call, which a pipe takes as a whole.
void Print(const std::string& line) {
  const auto size = static_cast<ssize_t>(line.size());
  if (write(STDOUT_FILENO, line.data(), line.size()) != size) std::abort();
}

void Revoke(Store& store, const std::string& name) {
  for (int64_t number = 0;; ++number) {
    const std::string token_id = absl::StrCat(name, "-", number);
    store.Commit(Revocation(token_id)).value();
    Print(absl::StrCat("revoked ", token_id, "\n"));
  }
}

// Remembers when the keys of each issuer changed last.
class Revisions : public StoreReader {
 public:
  void ReadIssuerKeys(const IssuerKeyRecords& keys) override {
    revisions_[keys.issuer] = keys.revision;
  }
  void ReadRevocation(const RevocationRecord&) override {}
  void ReadJwkSet(const JwkSetRecord&) override {}

  int64_t Of(const std::string& issuer) { return revisions_[issuer]; }

 private:
  std::map<std::string, int64_t> revisions_;
};

void ChangeKeys(Store& store, const std::string& name) {
  Revisions revisions;
  store.ReadSince(0, revisions).value();
  int64_t revision = revisions.Of(kIssuer);
  for (int64_t number = 0;; ++number) {
    const std::string key_id = absl::StrCat(name, "-", number);
    revision =
        store.Commit(Keys(kIssuer, revision, {ExampleKey(key_id)})).value();
    Print(absl::StrCat("changed ", kIssuer, " ", key_id, " ", revision, "\n"));
  }
}

void Run(const std::string& address, const std::string& name) {
  const std::unique_ptr<Store> store = OpenStore(address).value();
  std::vector<std::thread> threads;
  for (const char* thread : {"-a", "-b"}) {
    threads.emplace_back([&, thread] { Revoke(*store, name + thread); });
  }
  threads.emplace_back([&] { ChangeKeys(*store, name); });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace signet

int main(int, char** arguments) { signet::Run(arguments[1], arguments[2]); }
