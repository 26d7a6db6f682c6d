#ifndef SIGNET_TESTS_CONFORMANCE_TEST_VECTORS_H_
#define SIGNET_TESTS_CONFORMANCE_TEST_VECTORS_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "jose/json.h"

namespace signet {

// HaveTestVectors tells whether the published test vectors are at hand; see
// third_party/vectors/vectors.bzl.
bool HaveTestVectors();

// ListVectors returns the names of the files in `folder` of the vectors, in
// order.
std::vector<std::string> ListVectors(absl::string_view folder);

// ReadVector returns the contents of a file of the vectors; if it cannot be
// read, the test fails and the result is empty.
std::string ReadVector(absl::string_view path);

// ReadJsonVector returns a file of the vectors that is a JSON object; if it is
// not, the test fails and the result is an empty object.
JsonDocument ReadJsonVector(absl::string_view path);

// ExpectKnownMembers fails the test for each member of `object` that is not
// among `known`: a field that a runner does not understand may change what a
// vector means.
void ExpectKnownMembers(JsonObject object,
                        std::initializer_list<absl::string_view> known,
                        absl::string_view where);

// StringMember, IntegerMember, ObjectMember and ArrayMember return a member
// that must be there; if it is not, the test fails and the result is empty.
std::string StringMember(JsonObject object, absl::string_view name);
int64_t IntegerMember(JsonObject object, absl::string_view name);
JsonObject ObjectMember(JsonObject object, absl::string_view name);
std::vector<JsonValue> ArrayMember(JsonObject object, absl::string_view name);

// ReportCases prints how many cases of a file ran.
void ReportCases(absl::string_view file, size_t ran, absl::string_view note);

// ConformanceTest is a fixture whose tests are skipped, aloud, where the
// vectors are absent.
class ConformanceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HaveTestVectors()) {
      GTEST_SKIP() << "the published test vectors are not at hand; name their "
                      "folder in SIGNET_TEST_VECTORS to run this";
    }
  }
};

}  // namespace signet

#endif  // SIGNET_TESTS_CONFORMANCE_TEST_VECTORS_H_
