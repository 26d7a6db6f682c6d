#ifndef SIGNET_TESTS_STORE_STORE_CONTENTS_H_
#define SIGNET_TESTS_STORE_STORE_CONTENTS_H_

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "gtest/gtest.h"
#include "store/records.h"
#include "store/store.h"

namespace signet {

// StoreContents remembers what it is told, the last of what has the same name.
class StoreContents : public StoreReader {
 public:
  using Target = std::tuple<std::string, RevocationTarget, std::string>;

  void ReadIssuerKeys(const IssuerKeyRecords& keys) override {
    issuers[keys.issuer] = keys;
  }
  void ReadRevocation(const RevocationRecord& record) override {
    revocations[{record.issuer, record.target, record.value}] = record;
  }
  void ReadJwkSet(const JwkSetRecord& record) override {
    jwk_sets[record.issuer] = record;
  }

  // ReadMore adds what has changed, and moves the mark on. The test fails if
  // the store does.
  void ReadMore(Store& store) {
    const absl::StatusOr<StoreMark> read =
        store.ReadSince(mark.revision, *this);
    ASSERT_TRUE(read.ok()) << read.status();
    mark = *read;
  }

  std::map<std::string, IssuerKeyRecords> issuers;
  std::map<Target, RevocationRecord> revocations;
  std::map<std::string, JwkSetRecord> jwk_sets;
  StoreMark mark;
};

// ContentsOf reads everything.
inline StoreContents ContentsOf(Store& store) {
  StoreContents contents;
  contents.ReadMore(store);
  return contents;
}

}  // namespace signet

#endif  // SIGNET_TESTS_STORE_STORE_CONTENTS_H_
